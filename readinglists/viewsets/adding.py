"""What came in one request to be put on a list, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from rest_framework.exceptions import ErrorDetail, ValidationError

from api.bodies import Body
from api.errors import flat_errors
from readinglists.editing.items import Placed, Target
from readinglists.editing.writing import Refused
from readinglists.wanted import targets_for

MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One item that was asked for; at most one of the last four is set."""

    section: UUID | None = None
    at: int | None = None
    allow_duplicates: bool = False
    target: Target | None = None
    refused: Refused | ValidationError | None = None
    already: UUID | None = None
    made: UUID | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        place = values.get("position")
        return cls(
            section=values.get("section"),
            at=None if place is None else place - 1,
            allow_duplicates=values.get("allow_duplicates", False),
            target=values.get("target"),
        )

    def placed(self, pk: UUID) -> Placed:
        assert self.target is not None  # noqa: S101
        return Placed(self.target, self.section, self.at, pk)

    def row(self, index: int, items: Mapping[str, Any]) -> dict[str, Any]:
        """Its part of the answer; `items` are the rows of what was added."""
        item = items.get(str(self.made)) if self.made else None
        if item is not None:
            status, outcome = 201, "proposed" if item["is_proposed"] else "added"
        elif self.already is not None:
            status, outcome = 409, "already"
        else:
            status, outcome = 400, "refused"
        return {
            "index": index,
            "status": status,
            "outcome": outcome,
            "item": item,
            "existing": str(self.already) if self.already else None,
            "errors": list(flat_errors(_detail(self.refused))) if self.refused else [],
        }


def read_each(body: Body, data: Sequence[Any], user: Any) -> list[Asked]:
    """Each by itself; all are looked up together."""
    asked = [_read(body, each) for each in data]
    wanted = [each for each in asked if isinstance(each, dict)]
    targets = iter(targets_for([each["wanted"] for each in wanted], user))
    return [
        _found(Asked.of(each), next(targets)) if isinstance(each, dict) else Asked(refused=each)
        for each in asked
    ]


def _read(body: Body, data: Any) -> dict[str, Any] | ValidationError:
    try:
        return body.run_validation(data)
    except ValidationError as error:
        return error


def _found(asked: Asked, target: Target | Refused) -> Asked:
    if isinstance(target, Refused):
        return replace(asked, refused=target)
    return replace(asked, target=target)


def _detail(refused: Refused | ValidationError) -> Any:
    if isinstance(refused, ValidationError):
        return refused.detail
    return {refused.field or "non_field_errors": [ErrorDetail(str(refused), code=refused.code)]}
