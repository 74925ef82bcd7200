import gzip
import hashlib
import io
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.jsonl import (
    KEPT_OF_A_LONG_LINE,
    UnreadableSource,
    check_source,
    digest_of,
    open_source,
    read_lines,
)


def lines_of(content: bytes, **options):
    return list(read_lines(io.BytesIO(content), **options))


def raws(content: bytes) -> list[bytes]:
    return [line.raw for line in lines_of(content)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_kind_of_line_end_ends_a_line(end):
    found = lines_of(b"one" + end + end + b"three" + end)

    assert [(line.number, line.raw) for line in found] == [(1, b"one"), (2, b""), (3, b"three")]


def test_the_last_line_needs_no_end():
    assert raws(b"one\ntwo") == [b"one", b"two"]


def test_an_empty_source_has_no_lines():
    assert raws(b"") == []


def test_a_byte_order_mark_is_no_part_of_the_first_line():
    found = lines_of(b"\xef\xbb\xbfone\ntwo")

    assert [(line.raw, line.position) for line in found] == [(b"one", 3), (b"two", 7)]


class Trickle(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, content: bytes, size: int) -> None:
        self.content, self.size = io.BytesIO(content), size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        piece = self.content.read(min(self.size, len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)


@given(
    st.lists(st.sampled_from([b"a", b"{}", b"\n", b"\r", b"\r\n", b" | |", b"\xef\xbb\xbf"])),
    st.integers(1, 7),
)
def test_lines_are_the_same_however_they_are_cut_into_chunks(pieces, size):
    content = b"".join(pieces)

    trickled = list(read_lines(io.BufferedReader(Trickle(content, size), buffer_size=size)))

    assert trickled == lines_of(content)
    assert b"".join(raws(content)) == content.removeprefix(b"\xef\xbb\xbf").translate(None, b"\r\n")


@given(st.binary(max_size=200))
def test_the_position_of_a_line_is_where_it_stands(content):
    for line in lines_of(content):
        assert content[line.position : line.position + line.size] == line.raw


def test_a_line_over_the_limit_leaves_its_start_its_size_and_its_hash():
    long = b"x" * 100_000

    first, second = lines_of(long + b"\nnext", limit=50_000)

    assert first.is_too_long
    assert first.raw == long[:KEPT_OF_A_LONG_LINE]
    assert first.size == 100_000
    assert first.sha256 == hashlib.sha256(long).hexdigest()
    assert (second.number, second.raw, second.is_too_long) == (2, b"next", False)


def test_a_line_of_exactly_the_limit_is_whole():
    (line,) = lines_of(b"x" * 5000, limit=5000)

    assert not line.is_too_long
    assert line.raw == b"x" * 5000


def test_blanks_and_bars_around_a_record_do_not_change_its_digest():
    assert digest_of(b'{"a": 1} | |') == digest_of(b'\t{"a": 1}') == digest_of(b'{"a": 1}')
    assert digest_of(b'{"a": 1}') != digest_of(b'{"a":1}')


def test_gzip_is_read_as_what_it_holds(tmp_path):
    path = tmp_path / "letters.jsonl.gz"
    path.write_bytes(gzip.compress(b'\xef\xbb\xbf{"a": 1}\n{"b": 2}\n'))

    with open_source(str(path)) as stream:
        assert [line.raw for line in read_lines(stream)] == [b'{"a": 1}', b'{"b": 2}']


def test_a_damaged_gzip_is_said_to_be_one(tmp_path):
    path = tmp_path / "letters.jsonl.gz"
    path.write_bytes(gzip.compress(os.urandom(300_000))[:-20_000])

    with (
        open_source(str(path)) as stream,
        pytest.raises(UnreadableSource, match="gzip file is damaged"),
    ):
        list(read_lines(stream))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{}\n".encode("utf-16"), "not UTF-8 but UTF-16"),
        ('{"a": 1}\n'.encode("utf-16-le"), "not UTF-8 but looks like UTF-16"),
        ('{"a": 1}\n'.encode("utf-16-be"), "not UTF-8 but looks like UTF-16"),
        (b"PK\x03\x04rest", "a zip archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"BZh91AY", "bzip2"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (gzip.compress(b"PK\x03\x04rest", mtime=0), "a zip archive"),
    ],
)
def test_another_type_of_file_is_named(tmp_path, content, told):
    path = tmp_path / "letters.jsonl"
    path.write_bytes(content)

    with pytest.raises(UnreadableSource, match=told):
        check_source(str(path))


def test_a_file_that_grows_is_read_to_where_it_ended_at_first(tmp_path):
    path = tmp_path / "growing.jsonl"
    path.write_bytes(b"first\nsec")

    with open_source(str(path)) as stream:
        lines = read_lines(stream)
        first = next(lines)
        with path.open("ab") as file:
            file.write(b"ond\nthird\n")
        assert [line.raw for line in (first, *lines)] == [b"first", b"second"]


def test_a_file_that_never_stops_growing_is_read_to_an_end(tmp_path):
    path = tmp_path / "growing.jsonl"
    path.write_bytes(b"line\n" * 1000)
    stop = threading.Event()

    def grow():
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"more\n" * 100)

    writer = threading.Thread(target=grow)
    with open_source(str(path)) as stream:
        lines = read_lines(stream)
        first = next(lines)
        writer.start()
        try:
            found = [first, *lines]
        finally:
            stop.set()
            writer.join()

    assert {line.raw for line in found} == {b"line"}
    assert len(found) == 1000
