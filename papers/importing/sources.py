"""What is imported: a file, a paste or an upload, read whole to a size, decoded and recognised."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from imports.jsonl import STANDARD_INPUT, UnreadableSource, open_source
from papers.references import Format, Record, decode, read_references, recognise
from papers.references.encoding import WANTED

LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """A text of references, of which nothing has been read yet."""

    name: str
    text: str
    format: Format
    warnings: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()

    def records(self) -> Iterator[Record]:
        return read_references(self.text, self.format)


def load(name: str, form: Format | None = None) -> Source:
    """A named file, plain or gzip, or `-`; UnreadableSource with the reason if it cannot be."""
    with open_source(name, WANTED) as stream:
        raw = stream.read(LARGEST + 1)
    shown = "standard input" if name == STANDARD_INPUT else name
    return from_bytes(shown, raw, form)


def from_bytes(name: str, raw: bytes, form: Format | None = None) -> Source:
    if len(raw) > LARGEST:
        limit = LARGEST // (1024 * 1024)
        raise UnreadableSource(f"{name} is larger than {limit} MB: split it into several files.")
    decoded = decode(raw, name)
    return Source(name, decoded.text, form or recognise(decoded.text, name), decoded.warnings)


def from_text(name: str, text: str, form: Format | None = None) -> Source:
    """Pasted text: whatever its line ends are."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return Source(name, plain, form or recognise(plain, name))
