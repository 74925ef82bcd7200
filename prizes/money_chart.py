"""The course of the money that was open, one chart a currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from prizes.money_open import Step
from prizes.timeline import Mark, Scale, ticks_of

# The shape's own units; the page stretches it to its width.
WIDTH, HEIGHT = 1000, 160
TABLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Level:
    y: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TableRow:
    at: datetime
    amount: Decimal
    prizes: int


@dataclass(frozen=True, slots=True)
class MoneyChart:
    currency: str
    shape: str
    levels: Sequence[Level]
    ticks: Sequence[Mark]
    rows: Sequence[TableRow]
    most: TableRow
    looked_from: Mark | None


def money_charts(steps: Sequence[Step], now: datetime, looked_from: datetime) -> list[MoneyChart]:
    currencies = sorted({currency for step in steps for currency in step.amounts})
    return [_chart(currency, steps, now, looked_from) for currency in currencies]


def _chart(currency: str, steps: Sequence[Step], now: datetime, looked: datetime) -> MoneyChart:
    rows: list[TableRow] = []
    for step in steps:
        amount = step.amounts.get(currency, Decimal(0))
        prizes = step.prizes.get(currency, 0)
        if rows and (rows[-1].amount, rows[-1].prizes) == (amount, prizes):
            continue
        if rows or amount:
            rows.append(TableRow(step.at, amount, prizes))
    most = max(rows, key=lambda row: row.amount)
    # What came after the last change is a line that goes on; a long one says nothing more.
    last = min(now, rows[-1].at + max((rows[-1].at - rows[0].at) / 4, timedelta(days=30)))
    scale = Scale.between(rows[0].at, last)
    top = _round_up(most.amount)
    points, height = [f"M{_x(scale.percent(rows[0].at))} {HEIGHT}"], HEIGHT
    for row in rows:
        x = _x(scale.percent(row.at))
        height = round(HEIGHT * (1 - row.amount / top))
        points.append(f"H{x}V{height}")
    points.append(f"H{WIDTH}V{HEIGHT}Z")
    levels = [Level(round(HEIGHT * (1 - part)), top * part) for part in (1, Decimal("0.5"))]
    mark = None
    if scale.holds(looked):
        mark = Mark(f"{scale.percent(looked):.2f}%", "")
    return MoneyChart(
        currency, "".join(points), levels, ticks_of(scale), rows[-TABLE_ROWS:], most, mark
    )


def _x(percent: float) -> str:
    return f"{percent * WIDTH / 100:.1f}"


def _round_up(amount: Decimal) -> Decimal:
    """To a number one can halve in one's head: 1,050,000 to 2,000,000."""
    if amount <= 0:
        return Decimal(1)
    unit = Decimal(10) ** amount.adjusted()
    return next(unit * part for part in (1, 2, 4, 6, 8, 10) if unit * part >= amount)
