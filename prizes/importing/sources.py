"""Files of deadlines, told apart by what they say."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prizes.importing import calendars, families
from prizes.importing.calendars import UnreadableCalendar
from prizes.importing.calls import Call
from prizes.importing.yaml_lines import UnreadableYaml

LARGEST = 8 * 1024 * 1024


class UnreadableFile(Exception):
    """The file cannot be read at all; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class DeadlineFile:
    """A file's name and bytes; `teller` is who is named as having said so."""

    name: str
    data: bytes
    teller: str = ""

    def calls(self) -> Iterator[Call]:
        """Every call in it, in its order; UnreadableFile where reading has to end."""
        try:
            if self.data.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR"):
                yield from calendars.calls_in(self.data)
            else:
                yield from families.calls_in(self.data)
        except (UnreadableYaml, UnreadableCalendar) as error:
            raise UnreadableFile(f"{self.name}: {error}") from error


def load(path: Path, teller: str = "") -> DeadlineFile:
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableFile(f"{path}: larger than {LARGEST // 1024**2} MB.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}.") from error
    return DeadlineFile(path.name, data, teller or path.stem)
