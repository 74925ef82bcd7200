"""Which award, or which deadline of a prize, a text speaks of: one that is known, or a new one."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from prizes.models import Announcement, Award, Deadline, Prize
from prizes.telling import Statement, Telling, date_values, money_values


def award_rows(
    telling: Telling, prize: Prize, statements: Sequence[Statement], told: set[uuid.UUID]
) -> list[Award | None]:
    """None for one that a maintainer, who took over the awards, does not have among them."""
    known = list(prize.awards.order_by("position", "pk"))
    pairing = _Pairing("award", statements, known)
    pairing.by_announcement()
    pairing.by(lambda fact, row: (fact.label, fact.money.currency) == (row.label, row.currency))
    pairing.by_edit(telling, told)
    place = max((award.position for award in known), default=-1)
    rows = []
    for statement, row in zip(statements, pairing.rows, strict=True):
        if row is None and "awards" not in prize.locked_fields:
            place += 1
            row = _new_award(prize, statement, place)
        rows.append(row)
    return rows


def deadline_rows(
    telling: Telling, prize: Prize, statements: Sequence[Statement], told: set[uuid.UUID]
) -> list[Deadline]:
    known = list(prize.deadlines.order_by("pk"))
    kinds = [deadline.kind for deadline in known]
    pairing = _Pairing("deadline", statements, known)
    pairing.by_announcement()
    pairing.by(lambda fact, row: (fact.kind, fact.label) == (row.kind, row.label))
    # "The deadline" is the one there is, whether or not the other text gave it a name.
    pairing.by(
        lambda fact, row: (
            fact.kind == row.kind and kinds.count(row.kind) == 1 and not (fact.label and row.label)
        )
    )
    pairing.by_edit(telling, told)
    return [
        row or _new_deadline(telling, prize, statement)
        for statement, row in zip(statements, pairing.rows, strict=True)
    ]


class _Pairing[Row: (Award, Deadline)]:
    """Gives each statement a row of its own, the surest first."""

    def __init__(self, subject: str, statements: Sequence[Statement], known: list[Row]) -> None:
        self.subject = subject
        self.statements = statements
        self.facts = [getattr(statement, subject) for statement in statements]
        self.free: dict[Any, Row] = {row.pk: row for row in known}
        self.rows: list[Row | None] = [None] * len(statements)

    def by_announcement(self) -> None:
        keys = [statement.key for statement in self.statements]
        about = f"{self.subject}_id"
        before = dict(Announcement.objects.filter(pk__in=keys).values_list("pk", about))
        for number, key in enumerate(keys):
            if before.get(key) in self.free:
                self.rows[number] = self.free.pop(before[key])

    def by(self, is_same: Callable[..., bool]) -> None:
        for number, fact in enumerate(self.facts):
            if self.rows[number] is None:
                alike = (row for row in self.free.values() if is_same(fact, row))
                if (row := next(alike, None)) is not None:
                    self.rows[number] = self.free.pop(row.pk)

    def by_edit(self, telling: Telling, told: set[uuid.UUID]) -> None:
        """What this very place spoke of and no longer does, it may only call otherwise now."""
        if not self.free or None not in self.rows:
            return
        here = Announcement.objects.filter(
            issue=telling.issue, entry=telling.entry, **{f"{self.subject}__in": list(self.free)}
        )
        said = here.exclude(pk__in=told).values_list(f"{self.subject}_id", flat=True)
        edited = set(said) - set(
            here.filter(pk__in=told).values_list(f"{self.subject}_id", flat=True)
        )
        kind = "kind" if self.subject == "deadline" else "currency"
        self.by(
            lambda fact, row: (
                row.pk in edited
                and getattr(row, kind)
                == (fact.kind if self.subject == "deadline" else fact.money.currency)
            )
        )


def _new_award(prize: Prize, statement: Statement, place: int) -> Award:
    fact = statement.award
    assert fact is not None  # noqa: S101 - only statements of awards come here
    return Award.objects.create(
        prize=prize,
        position=place,
        label=fact.label[:300],
        basis=fact.basis,
        count=fact.count,
        part_of_pool=fact.part_of_pool,
        quote=fact.quote,
        **money_values(fact.money),
    )


def _new_deadline(telling: Telling, prize: Prize, statement: Statement) -> Deadline:
    fact = statement.deadline
    assert fact is not None  # noqa: S101 - only statements of deadlines come here
    key = telling.derive("deadline", telling.facts.name, fact.kind, fact.label)
    if Deadline.objects.filter(pk=key).exists():
        key = telling.derive("deadline", statement.key)
    return Deadline.objects.create(
        id=key,
        prize=prize,
        kind=fact.kind,
        label=fact.label[:300],
        needs_review=fact.date.problem is not None,
        review_note=fact.date.problem,
        **date_values(fact),
    )
