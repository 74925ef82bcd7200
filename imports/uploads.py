"""A file between being looked at and imported: on this server, for one person, for an hour."""

import shutil
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from markup.text import clean_line

MEGABYTES = 20
KEPT = timedelta(hours=1)
LONGEST_NAME = 200  # bytes, of the 255 that file systems take


class Upload:
    folder = settings.VAR_DIR / "uploads"

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        return self.path.name

    @classmethod
    def keep(cls, file: UploadedFile) -> "Upload":
        return cls.write(file.name or "", file.chunks())

    @classmethod
    def write(cls, name: str, chunks: Iterable[bytes]) -> "Upload":
        cls.remove_old()
        place = cls.folder / uuid.uuid4().hex
        place.mkdir(parents=True)
        upload = cls(place / _file_name(name))
        with upload.path.open("wb") as target:
            for chunk in chunks:
                target.write(chunk)
        return upload

    @classmethod
    def remove_old(cls) -> None:
        oldest = (timezone.now() - KEPT).timestamp()
        for place in cls.folder.glob("*"):
            with suppress(FileNotFoundError):  # whose import ended meanwhile
                if place.stat().st_mtime < oldest:
                    shutil.rmtree(place, ignore_errors=True)

    def read(self) -> bytes | None:
        """None where the same form, sent twice, was through with it first."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def remove(self) -> None:
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def token(self, user) -> str:
        return signing.dumps([*self.path.parts[-2:]], salt=f"upload-{user.pk}")

    @classmethod
    def find(cls, token: str, user) -> "Upload | None":
        """Nobody finds what somebody else has uploaded."""
        try:
            parts = signing.loads(token, salt=f"upload-{user.pk}", max_age=KEPT)
        except signing.BadSignature:
            return None
        path = cls.folder.joinpath(*parts)
        return cls(path) if path.is_file() else None


def _file_name(name: str) -> str:
    """As its owner knows it: one line, no path, not hidden."""
    line = clean_line(name).replace("/", "-").replace("\\", "-").lstrip(".")
    return line.encode()[:LONGEST_NAME].decode(errors="ignore").strip() or "upload"
