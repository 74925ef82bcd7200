"""What the steps of saving an issue's parts share."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from imports.effects import Effect
from newsletter.models import Entry, Issue, Link, Section
from newsletter.reader import ReadIssue
from newsletter.reading import Reading


@dataclass(slots=True)
class Parts:
    """One issue's parts, while they are brought in step with one reading of its text."""

    issue: Issue
    reading: Reading
    effect: Effect
    sections: list[Section] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def read(self) -> ReadIssue:
        assert self.reading.issue is not None  # noqa: S101 -- checked by `save_parts`
        return self.reading.issue


def withdraw(effect: Effect, rows: Iterable) -> None:
    now = timezone.now()
    for row in rows:
        if row.withdrawn_at is None:
            effect.change(row, withdrawn_at=now)
