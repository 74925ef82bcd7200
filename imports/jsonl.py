"""Lines of a file, a gzip or standard input, as bytes, in memory that does not grow with them."""

import gzip
import hashlib
import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

LINE_LIMIT = 8 * 1024 * 1024
KEPT_OF_A_LONG_LINE = 2048
CHUNK = 1 << 16
STANDARD_INPUT = "-"
WANTED = "JSON Lines in UTF-8 are"

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")
_GZIP = b"\x1f\x8b"
_OTHER_TYPES = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"%PDF", "a PDF"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
)


class UnreadableSource(Exception):
    """A source of which nothing (more) can be read, with a reason for people."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end. Of one over the limit only the first 2 kB are there."""

    number: int
    raw: bytes
    size: int
    sha256: str
    position: int  # of its first byte in the (unpacked) source

    @property
    def is_too_long(self) -> bool:
        return self.size > len(self.raw)

    @property
    def is_blank(self) -> bool:
        return not self.is_too_long and not self.raw.strip()


def digest_of(raw: bytes) -> str:
    """The same for a record whatever blanks and bars an exporter put around it."""
    return hashlib.sha256(raw.strip(b" \t|")).hexdigest()


def check_source(name: str, wanted: str = WANTED) -> None:
    """Say at once what is wrong with a named file, before anything is imported."""
    if name != STANDARD_INPUT:
        with open_source(name, wanted):
            pass


@contextmanager
def open_source(name: str, wanted: str = WANTED) -> Iterator[BinaryIO]:
    """A binary stream over a file, a gzip or (`-`) standard input."""
    with _opened(name) as stream:
        head = stream.peek(CHUNK)
        if head.startswith(_GZIP):
            with gzip.GzipFile(fileobj=stream) as unpacked:
                buffered: Any = io.BufferedReader(unpacked)  # to typeshed no raw stream
                refuse_other_types(name, _peek_unpacked(name, buffered), wanted)
                yield buffered
        else:
            refuse_other_types(name, head, wanted)
            yield stream


@contextmanager
def _opened(name: str) -> Iterator[io.BufferedReader]:
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    path = Path(name)
    try:
        if path.is_dir():
            raise UnreadableSource(f"{name} is a folder, not a file.")
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise UnreadableSource(f"{name} does not exist.") from error
    except PermissionError as error:
        raise UnreadableSource(f"{name} may not be read by this user.") from error
    except (OSError, ValueError) as error:
        raise UnreadableSource(f"{name} cannot be read: {error}") from error
    with stream:
        yield stream


def _peek_unpacked(name: str, stream: io.BufferedReader) -> bytes:
    try:
        return stream.peek(CHUNK)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableSource(f"{name} is a damaged gzip file: {error}") from error


def refuse_other_types(name: str, head: bytes, wanted: str) -> None:
    """Say of a file that is no text in UTF-8 what it is instead."""
    shown = "Standard input" if name == STANDARD_INPUT else name
    for magic, kind in _OTHER_TYPES:
        if head.startswith(magic):
            what = "not UTF-8 but " if kind.startswith("UTF") else ""
            raise UnreadableSource(f"{shown} is {what}{kind}; {wanted} needed.")
    # UTF-16 without a mark: every second byte of its ASCII is zero.
    start = head[:64]
    if len(start) > 3 and (not any(start[::2]) or not any(start[1::2])):
        raise UnreadableSource(f"{shown} is not UTF-8 but looks like UTF-16; {wanted} needed.")


def size_of(name: str) -> int | None:
    """Bytes to read, where that can be told before reading them."""
    try:
        status = Path(name).stat()
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def read_lines(stream: BinaryIO, limit: int = LINE_LIMIT) -> Iterator[Line]:
    """The lines of a stream, blank ones included so that numbers are those an editor shows.

    A line ends at LF, CR LF or a bare CR. Of a file that grows while it is read, what was there
    at the start is read, up to the end of its last line.
    """
    lines = _Lines(limit)
    end = _end_of_file(stream)
    for chunk in _chunks(stream):
        for line in lines.feed(chunk):
            yield line
            if end is not None and lines.start >= end:
                return
    yield from lines.finish()


def _end_of_file(stream: BinaryIO) -> int | None:
    """The size of a plain file right now; a pipe or a gzip has no end to know beforehand."""
    if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO):
        status = os.fstat(stream.fileno())
        if stat.S_ISREG(status.st_mode):
            return status.st_size
    return None


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    read = getattr(stream, "read1", stream.read)
    try:
        yield stream.read(len(_BOM))  # whole, even from a pipe that gives it byte by byte
        while chunk := read(CHUNK):
            yield chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableSource(f"The gzip file is damaged: {error}") from error


class _Lines:
    """Cuts chunks into lines; of an overlong one it keeps a start and a hash."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.number = 1
        self.start = 0
        self.after_return = False
        self._begin()

    def _begin(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0
        self.hash: hashlib._Hash | None = None

    def feed(self, chunk: bytes) -> Iterator[Line]:
        if self.number == 1 and not self.size and not self.start and chunk.startswith(_BOM):
            chunk = chunk[len(_BOM) :]
            self.start = len(_BOM)
        # A CR LF may be cut in two by the chunks: its CR has ended the line already.
        if self.after_return and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self.start += 1
        self.after_return = chunk.endswith(b"\r")
        place = 0
        for end in _LINE_END.finditer(chunk):
            self._add(chunk[place : end.start()])
            place = end.end()
            yield self._close(len(end[0]))
        self._add(chunk[place:])

    def finish(self) -> Iterator[Line]:
        if self.size:
            yield self._close(0)

    def _add(self, piece: bytes) -> None:
        if not piece:
            return
        self.size += len(piece)
        if self.hash is not None:
            self.hash.update(piece)
            return
        self.parts.append(piece)
        if self.size > self.limit:
            whole = b"".join(self.parts)
            self.hash = hashlib.sha256(whole)
            self.parts = [whole[:KEPT_OF_A_LONG_LINE]]

    def _close(self, length_of_end: int) -> Line:
        raw = b"".join(self.parts)
        digest = self.hash.hexdigest() if self.hash else digest_of(raw)
        line = Line(self.number, raw, self.size, digest, self.start)
        self.number += 1
        self.start += self.size + length_of_end
        self._begin()
        return line
