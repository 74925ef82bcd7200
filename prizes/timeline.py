"""Deadlines on a time line: from when each was announced to when it closes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from prizes.as_of import AsOf
from prizes.board import Row
from prizes.changes import what_happens
from prizes.words import MONTHS

MOST_TICKS = 8
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 1200)  # months from one tick to the next
ROW, TOP, FOOT, BAR = 46, 34, 40, 14
# Beyond this share of the line, a label stands before the end of its bar.
MIDDLE = 52


@dataclass(frozen=True, slots=True)
class Bar:
    """Places are percents of the line's width. Between `earliest` and `end` it may close."""

    row: Row
    title: str
    start: str
    width: str
    doubt: str
    doubt_width: str
    y: int
    label_at: str
    label_anchor: str

    @property
    def label_y(self) -> int:
        return self.y - 6


@dataclass(frozen=True, slots=True)
class Mark:
    at: str
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Timeline:
    bars: Sequence[Bar]
    ticks: Sequence[Mark]
    issues: Sequence[Mark]
    looked_from: Mark | None
    first: date
    last: date

    @property
    def height(self) -> int:
        return TOP + len(self.bars) * ROW + FOOT

    @property
    def floor(self) -> int:
        return self.height - FOOT

    @property
    def issues_y(self) -> int:
        return self.floor + 14

    @property
    def ticks_y(self) -> int:
        return self.height - 6


def timeline_of(rows: Iterable[Row], as_of: AsOf, issues: Iterable[Any]) -> Timeline | None:
    """None where nothing has a date to draw."""
    dated = [row for row in rows if _end(row) is not None and not row.deadline.was_cancelled]
    if not dated:
        return None
    scale = Scale.around(dated, as_of)
    bars = [_bar(row, scale, number) for number, row in enumerate(dated)]
    looked_from = None
    if scale.holds(as_of.instant):
        at = scale.percent(as_of.instant)
        label = "today" if as_of.is_now else "as of"
        looked_from = Mark(_text(at), label, "start" if at < 3 else "end" if at > 97 else "middle")
    marks = [
        Mark(_text(scale.percent(issue.published_at)), str(issue.number))
        for issue in issues
        if issue.number and issue.published_at and scale.holds(issue.published_at)
    ]
    return Timeline(
        bars, ticks_of(scale), _apart(marks), looked_from, scale.first.date(), scale.last.date()
    )


def _end(row: Row) -> datetime | None:
    return row.stated.latest_utc if row.stated is not None else None


def _begin(row: Row) -> datetime:
    stated: Any = row.stated
    told = row.deadline.told[0].announced_at if row.deadline.told else row.deadline.created_at
    return min(told, stated.earliest_utc)


@dataclass(frozen=True, slots=True)
class Scale:
    first: datetime
    last: datetime

    @classmethod
    def around(cls, rows: Sequence[Row], as_of: AsOf) -> "Scale":
        first = min(map(_begin, rows))
        last = max(end for row in rows if (end := _end(row)) is not None)
        # Today is shown where the line does not become mostly empty by it.
        span = max(last - first, timedelta(days=30))
        if first - span / 2 <= as_of.instant <= last + span / 2:
            first, last = min(first, as_of.instant), max(last, as_of.instant)
        margin = max((last - first) * 0.03, timedelta(days=3))
        return cls(_moved(first, -margin), _moved(last, margin))

    @classmethod
    def between(cls, first: datetime, last: datetime) -> "Scale":
        return cls(first, max(last, _moved(first, timedelta(days=30))))

    def percent(self, moment: datetime) -> float:
        return 100 * ((moment - self.first) / (self.last - self.first))

    def holds(self, moment: datetime) -> bool:
        return self.first <= moment <= self.last


def _moved(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment


def _bar(row: Row, scale: Scale, number: int) -> Bar:
    stated: Any = row.stated  # it has an end
    start, doubt = scale.percent(_begin(row)), scale.percent(stated.earliest_utc)
    end = scale.percent(stated.latest_utc)
    after = start < MIDDLE
    return Bar(
        row=row,
        title=f"{row.deadline.prize.name}, {what_happens(row.deadline)}",
        start=_text(start),
        width=_text(max(doubt - start, 0.4)),
        doubt=_text(doubt),
        doubt_width=_text(max(end - doubt, 0.2)),
        y=TOP + number * ROW + ROW - BAR - 8,
        label_at=_text(start if after else end),
        label_anchor="start" if after else "end",
    )


def _text(percent: float) -> str:
    return f"{percent:.2f}%"


def _apart(marks: Sequence[Mark]) -> list[Mark]:
    """Numbers that would stand on each other are left out."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: float(mark.at[:-1])):
        if not kept or float(mark.at[:-1]) - float(kept[-1].at[:-1]) > 2.2:
            kept.append(mark)
    return kept


def ticks_of(scale: Scale) -> list[Mark]:
    first, last = scale.first, scale.last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((step for step in STEPS if months / step <= MOST_TICKS), STEPS[-1])
    number = first.year * 12 + first.month - 1
    number += -number % step
    ticks = []
    while number // 12 < date.max.year:
        moment = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        if moment > last:
            break
        if moment >= first:
            name = "" if step >= 12 else f"{MONTHS[moment.month - 1]} "
            at = scale.percent(moment)
            anchor = "start" if at < 4 else "end" if at > 96 else "middle"
            ticks.append(Mark(_text(at), f"{name}{moment.year}", anchor))
        number += step
    return ticks
