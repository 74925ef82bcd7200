"""Prizes that a brief tells of: a line or two among many, so held to more than news is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from .facts import DeadlineFact, DeadlineKind, PrizeFacts
from .naming import Link
from .opportunities import read_opportunity

IN_BRIEF = "told in a brief only: check that it is a prize and what it is called"
_CLOSING: frozenset[DeadlineKind] = frozenset(
    ("registration", "abstract", "submission", "round_end", "final")
)


def read_brief(
    text: str, headline: str, published_on: dt.date, links: Sequence[Link] = ()
) -> list[PrizeFacts]:
    """The prize of a brief, marked for review: money offered, and time left to compete for it.

    Most briefs are of research, which names prizes that are won or spent.
    """
    facts = read_opportunity(text, headline, published_on, links, "news")
    if facts is None or facts.kind == "job" or not (facts.pool or facts.awards):
        return []
    if not any(_is_ahead(deadline, published_on) for deadline in facts.deadlines):
        return []
    return [replace(facts, unsure=(IN_BRIEF, *facts.unsure))]


def _is_ahead(deadline: DeadlineFact, published_on: dt.date) -> bool:
    day = deadline.date.date
    return deadline.kind in _CLOSING and day is not None and day >= published_on
