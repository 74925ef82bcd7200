"""Texts are read in a process of their own, which ends when a text hangs it."""

import resource
import time

import pytest

from newsletter import reading
from newsletter.reading import Copy, Reader, ReaderFailed, read_and_render
from tests.newsletter.lines import TEXT

pytestmark = pytest.mark.usefixtures("reader_process")


@pytest.fixture
def reader():
    with Reader() as found:
        yield found


def test_the_process_gives_what_reading_here_gives(reader):
    there = reader.read(TEXT, "ml-safety-newsletter")

    assert there == read_and_render(TEXT, "ml-safety-newsletter", {})
    assert len(there.issue.entries) == 3


def test_bad_32_a_text_that_hangs_is_shown_as_it_came_and_the_next_is_read(reader):
    reader.read("warm up", "")
    reader.seconds = 0.05
    started = time.monotonic()

    hung = reader.read("[a](b) *x* " * 40_000, "")

    assert time.monotonic() - started < 10
    assert hung.issue is None
    assert hung.html.startswith('<pre class="plain-text">[a](b)')
    assert "not read within 0.05 s: shown as plain text" in hung.warnings[0]
    reader.seconds = 60
    assert reader.read(TEXT, "").issue is not None


def test_a_process_that_dies_over_a_text_costs_that_text_only(reader):
    reader.read("warm up", "")
    reader._process.kill()

    assert "could not be read" in reader.read("text", "").warnings[0]
    assert reader.read(TEXT, "").issue is not None


def test_the_process_ends_with_its_reader():
    with Reader() as found:
        found.read("text", "")
        process = found._process

    assert process.poll() is not None


def test_a_process_that_does_not_start_is_no_fault_of_the_text(monkeypatch):
    monkeypatch.setattr(reading.sys, "executable", "/bin/false")

    with Reader() as found, pytest.raises(ReaderFailed):
        found.read("text", "")


def test_bad_31_a_text_over_the_limit_is_read_but_shown_as_plain_text():
    text = f"{TEXT}\n\n" + "Plain words all the way. " * 21_000

    found = read_and_render(text, "", {})

    assert found.html.startswith('<pre class="plain-text">')
    assert "shown as plain text" in found.warnings[-1]
    assert found.issue.entries


def test_an_image_the_site_keeps_is_shown_from_there():
    text = "![A fish](https://img.example.org/a.png)\n\nWords."
    copies = {"https://img.example.org/a.png": Copy("/media/images/a.png", 640, 480)}

    assert 'src="/media/images/a.png"' in read_and_render(text, "", copies).html
    assert "<img" not in read_and_render(text, "", {}).html


def test_the_process_has_a_limit_of_memory(reader):
    reader.read("warm up", "")

    limits = resource.prlimit(reader._process.pid, resource.RLIMIT_AS)

    assert limits == (reading.MEMORY, reading.MEMORY)
