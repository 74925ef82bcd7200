"""A month of deadlines, week by week."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Self

from django.db.models import QuerySet
from django.utils import timezone

from prizes.board import Row
from prizes.calendar.events import is_moment, is_placeable
from prizes.models import Deadline, Precision
from prizes.words import last_day

MOST_SHOWN = 300
# A day somewhere on Earth lies this far around the same day in UTC.
AROUND = timedelta(days=2)
WEEK = tuple(calendar.day_name)


@dataclass(frozen=True, slots=True)
class Month:
    first: date

    @classmethod
    def read(cls, text: str) -> Self:
        """Of "2022-09"; ValueError for anything else."""
        if len(text) != 7:
            raise ValueError(text)
        return cls(date.fromisoformat(f"{text}-01"))

    @property
    def days(self) -> Sequence[date]:
        length = calendar.monthrange(self.first.year, self.first.month)[1]
        return [self.first.replace(day=day) for day in range(1, length + 1)]

    @property
    def before(self) -> "Month | None":
        return _of(self.first, -1)

    @property
    def after(self) -> "Month | None":
        return _of(self.first, 1)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    def among(self, deadlines: QuerySet[Deadline]) -> QuerySet[Deadline]:
        """Those of `deadlines_as_of` that may fall in it, in whatever zone."""
        begin = datetime.combine(self.first, datetime.min.time(), UTC)
        end = datetime.combine(self.days[-1], datetime.max.time(), UTC)
        return deadlines.filter(
            stated_latest__gte=_shifted(begin, -AROUND), stated_earliest__lte=_shifted(end, AROUND)
        )


def _of(first: date, step: int) -> Month | None:
    number = first.year * 12 + first.month - 1 + step
    year, month = divmod(number, 12)
    return Month(date(year, month + 1, 1)) if date.min.year <= year <= date.max.year else None


def _shifted(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment


@dataclass(slots=True)
class Cell:
    """A day of the month, or a place beside it."""

    day: date | None = None
    is_today: bool = False
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class MonthView:
    month: Month
    weeks: Sequence[Sequence[Cell]]
    rows: list[Row]  # of its days, in order
    some_day: list[Row]  # that fall in it on a day nobody stated


def month_view(rows: Iterable[Row], month: Month, today: date) -> MonthView:
    cells = {day: Cell(day, day == today) for day in month.days}
    some_day = []
    for row in rows:
        if row.stated is None:
            continue
        if row.stated.precision == Precision.MONTH and row.stated.date is not None:
            if row.stated.date.replace(day=1) == month.first:
                some_day.append(row)
        elif (day := shown_day(row)) in cells:
            cells[day].rows.append(row)
    padded = [Cell()] * month.first.weekday() + list(cells.values())
    padded += [Cell()] * (-len(padded) % 7)
    weeks = [padded[at : at + 7] for at in range(0, len(padded), 7)]
    return MonthView(month, weeks, [row for cell in cells.values() for row in cell.rows], some_day)


def shown_day(row: Row) -> date | None:
    """The day as stated; of an instant, the day on the reader's own calendar."""
    if not is_placeable(row.stated) or row.stated is None:
        return None
    if is_moment(row.stated) and row.stated.earliest_utc is not None:
        return timezone.localtime(row.stated.earliest_utc).date()
    return last_day(row.stated)
