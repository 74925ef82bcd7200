"""What happens on each date of a text: which dates are deadlines, and of what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache

from . import cues
from .dates import dates_in
from .facts import DateFact, DeadlineFact, DeadlineKind
from .prose import Prose, Sentence, one_line

_QUESTION = re.compile(r"\?[\"”’')\]]*$")
_QUOTED = re.compile(r"[“\"][^“”\"]{0,400}[”\"]")
_ROUND_KINDS = {"submission", "registration"}


def read_deadlines(
    prose: Prose, published_on: dt.date
) -> tuple[tuple[DeadlineFact, ...], tuple[str, ...]]:
    """The deadlines, and in words what is not clear about the dates."""
    found: dict[tuple, DeadlineFact] = {}
    unsure: list[str] = []
    dates = [date for date in dates_in(prose, published_on) if not _is_asked(prose, date)]
    for number, date in enumerate(dates):
        deadline, doubt = _deadline(prose, dates, number)
        if deadline:
            key = (deadline.kind, deadline.label, date.date, date.time, date.precision)
            found.setdefault(key, deadline)
        if doubt:
            unsure.append(f"{doubt}: {date.quote}")
    if not found:
        unsure += _unread(prose, dates)
    return tuple(found.values()), tuple(unsure)


def _deadline(
    prose: Prose, dates: Sequence[DateFact], number: int
) -> tuple[DeadlineFact | None, str | None]:
    date = dates[number]
    sentence = prose.sentence_at(prose.place(date.start))
    before, after = _surroundings(prose, dates, number, sentence)
    kind, is_known = _kind(before, after, sentence.text)
    if not is_known:
        return None, "it is not clear what the date is for" if date.date else None
    if kind is None:
        return None, None
    if date.year_inferred and cues.PAST.search(f"{before} {after}"):
        return None, "the date seems past, and its year is not printed"
    label = ""
    if kind in _ROUND_KINDS and (named := _round(before, after)):
        kind, label = ("final" if named["last"] else "round_end"), named["round"].lower()
    deadline = DeadlineFact(kind, label, date, sentence.text)
    return deadline, date.problem


def _surroundings(
    prose: Prose, dates: Sequence[DateFact], number: int, sentence: Sentence
) -> tuple[str, str]:
    """The words of the sentence before the date and behind it, up to its neighbours."""
    start = prose.place(dates[number].start)
    end = prose.place(dates[number].end - 1) + 1
    begin, finish = sentence.start, sentence.end
    if number:
        begin = max(begin, prose.place(dates[number - 1].end - 1) + 1)
    if number + 1 < len(dates):
        finish = min(finish, prose.place(dates[number + 1].start))
    return one_line(prose.plain[begin:start]), one_line(prose.plain[end:finish])


def _kind(before: str, after: str, sentence: str) -> tuple[DeadlineKind | None, bool]:
    """The kind of date (None: no deadline), and whether any word says so.

    The words right before the date count most, then those behind it, then the whole sentence.
    """
    nearest: tuple[int, DeadlineKind | None] | None = None
    for kind, cue in cues.DATE_CUES:
        for match in cue.finditer(before):
            if nearest is None or match.end() > nearest[0]:
                nearest = match.end(), kind
    if nearest:
        return _refined(nearest[1], before), True
    for kind, cue in cues.DATE_CUES:
        if cue.search(after):
            return kind, True
    return ("submission", True) if _speaks_of_closing(sentence) else (None, False)


@lru_cache(maxsize=64)  # a sentence may hold many dates
def _speaks_of_closing(sentence: str) -> bool:
    return bool(dict(cues.DATE_CUES)["submission"].search(sentence))


def _refined(kind: DeadlineKind | None, before: str) -> DeadlineKind | None:
    """ "abstracts are due", "register by": what is due says more than that it is."""
    if kind != "submission":
        return kind
    for name in ("abstract", "registration", "notification"):
        if dict(cues.DATE_CUES)[name].search(before):
            return name
    return kind


def _round(before: str, after: str) -> re.Match[str] | None:
    rounds = list(cues.ROUND.finditer(before))
    return rounds[-1] if rounds else cues.ROUND.search(after)


def _is_asked(prose: Prose, date: DateFact) -> bool:
    """Dates within a question ("Before 1 January, will …?") are nobody's deadline."""
    start = prose.place(date.start)
    sentence = prose.sentence_at(start)
    if _QUESTION.search(sentence.text):
        return True
    within = start - sentence.start
    questions = _quoted_questions(prose.plain[sentence.start : sentence.end])
    return any(begin <= within < end for begin, end in questions)


@lru_cache(maxsize=64)
def _quoted_questions(sentence: str) -> tuple[tuple[int, int], ...]:
    return tuple(quoted.span() for quoted in _QUOTED.finditer(sentence) if "?" in quoted.group())


def _unread(prose: Prose, dates: Sequence[DateFact]) -> list[str]:
    """Sentences that speak of a deadline, though no date could be read from them."""
    dated = {date.quote for date in dates}
    return [
        f"a deadline is mentioned, but no date could be read: {sentence.text}"
        for sentence in prose.sentences
        if cues.ASKS_FOR_A_DATE.search(sentence.text)
        and sentence.text not in dated
        and re.search(r"\d", sentence.text)
    ]
