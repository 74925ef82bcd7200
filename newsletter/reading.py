"""Reading and rendering an issue's text in a process of its own, which is ended when it hangs.

A text is untrusted: whatever the parsers make of it, an import goes on and its memory stays.
"""

import logging
import multiprocessing
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Self

from django.conf import settings

from markup.render import figure_html, plain_text, render_newsletter
from newsletter.reader import ReadImage, ReadIssue, profile_for, read_issue, reading_minutes

logger = logging.getLogger(__name__)

SECONDS = 60.0
SECONDS_TO_START = 60.0
MEMORY = 2 * 1024**3
READY = "ready"
RENDER_LIMIT = 500_000  # characters; longer texts are shown as plain text (markup.density)
WORDS_A_MINUTE = 230


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of an image that the site keeps."""

    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was read into; `issue` is None if it could not be read."""

    issue: ReadIssue | None
    html: str
    entry_html: tuple[str, ...]
    minutes: int
    warnings: tuple[str, ...] = ()


def read_and_render(text: str, profile: str, copies: Mapping[str, Copy]) -> Reading:
    """All of the work, done here and now."""
    issue = read_issue(text, profile_for(profile))
    images = [*issue.images, *(image for entry in issue.entries for image in entry.images)]
    spans = [(image.start, image.end, _figure(image, copies)) for image in images]
    return Reading(
        issue=issue,
        html=str(render_newsletter(text, spans)),
        entry_html=tuple(render_entry(e.markdown, e.images, copies) for e in issue.entries),
        minutes=reading_minutes(text),
        warnings=issue.warnings + _shown_as_text(text),
    )


def render_entry(markdown: str, images: Sequence[ReadImage], copies: Mapping[str, Copy]) -> str:
    spans = [
        (image.markdown_start, image.markdown_end, _figure(image, copies))
        for image in images
        if image.markdown_start is not None and image.markdown_end is not None
    ]
    return str(render_newsletter(markdown, spans))


def outside_of(issue: ReadIssue | None, text: str) -> list[str]:
    """The paragraphs of an issue that stand in no entry; its list of contents is none of them."""
    if issue is None:
        return []
    place, pieces = 0, []
    for entry in sorted(issue.entries, key=lambda entry: entry.start):
        pieces.append(text[place : entry.start])
        place = max(place, entry.end)
    pieces.append(text[place:])
    paragraphs = (part.strip() for piece in pieces for part in piece.split("\n\n"))
    return [part for part in paragraphs if part and not _is_contents(part, issue)]


def _is_contents(paragraph: str, issue: ReadIssue) -> bool:
    """Whether a list outside entries only repeats what the issue's highlights say."""
    return bool(issue.highlights) and paragraph.startswith(("* ", "- ", "+ "))


def as_plain_text(text: str, warning: str) -> Reading:
    """For a text that cannot be read: kept whole and shown as it came."""
    minutes = max(1, round(len(text.split()) / WORDS_A_MINUTE))
    return Reading(None, str(plain_text(text)), (), minutes, (warning,))


def _shown_as_text(text: str) -> tuple[str, ...]:
    if len(text) <= RENDER_LIMIT:
        return ()
    return (f"text of {len(text):,} characters: shown as plain text",)


def _figure(image: ReadImage, copies: Mapping[str, Copy]) -> str:
    copy = copies.get(image.url)
    return figure_html(
        image.url,
        alt=image.alt,
        caption=image.caption or "",
        link_url=image.link_url,
        local_url=copy.url if copy else None,
        width=copy.width if copy else None,
        height=copy.height if copy else None,
    )


class ReaderFailed(Exception):
    """The process that reads could not be started: nothing is wrong with the text."""


class Reader:
    """A worker process, started when the first text comes and again after it had to be ended."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def read(self, text: str, profile: str, copies: Mapping[str, Copy] | None = None) -> Reading:
        line = self._line or self._start()
        try:
            line.send((text, profile, dict(copies or {})))
            if not line.poll(self.seconds):
                self.stop()
                return as_plain_text(
                    text, f"text not read within {self.seconds:g} s: shown as plain text"
                )
            answer = line.recv()
        except (EOFError, OSError):
            self.stop()
            return as_plain_text(text, "text could not be read: shown as plain text")
        if isinstance(answer, Reading):
            return answer
        return as_plain_text(text, f"text could not be read ({answer}): shown as plain text")

    def stop(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None

    def _start(self) -> Connection:
        # A new program, not a fork: it shares no database connection and no state with this one.
        self._line, theirs = multiprocessing.Pipe()
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 -- our own module
                [sys.executable, "-m", "newsletter.reading", str(number)],
                cwd=settings.BASE_DIR,
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        try:
            if self._line.poll(SECONDS_TO_START) and self._line.recv() == READY:
                return self._line
        except (EOFError, OSError):
            pass
        self.stop()
        raise ReaderFailed("The process that reads issues did not start.")


def work(line: Connection) -> None:
    """Answer until the other end is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with suppress(EOFError, OSError, KeyboardInterrupt):
        line.send(READY)
        while True:
            text, profile, copies = line.recv()
            try:
                line.send(read_and_render(text, profile, copies))
            except Exception as error:  # whatever a parser stumbles over ends that text only
                logger.exception("Reading failed")
                line.send(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    from newsletter import reading  # answers are of its classes, not of __main__'s

    reading.work(Connection(int(sys.argv[1])))
