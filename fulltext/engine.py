"""Find, rank, highlight, correct: all that the rest of the site knows of the index.

A kind is named as in the registry ("paper"). No function here looks at what somebody may see but
`suggestion`: whoever asks starts from a queryset of `visible_to(user)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from fulltext.expressions import Expression

MOST_RANKED = 1_000


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best hits first. `total` is exact up to `MOST_RANKED`, as `is_exact` says."""

    keys: tuple[object, ...]
    scores: tuple[float, ...]
    total: int
    is_exact: bool


def matching(kind: str, expression: Expression) -> Q:
    """A condition on rows of the kind's model, to be combined with any other, also by ~ and |."""
    raise NotImplementedError


def ranked(
    kind: str, expression: Expression, queryset: QuerySet, limit: int = MOST_RANKED
) -> Ranking:
    """The rows of the queryset that match, best first, at most `limit` of them.

    The queryset holds all other conditions. An identifier or a title that matches as a whole
    comes first; then what matches best, and of equals the newest.
    """
    raise NotImplementedError


def highlights(
    kind: str, keys: Sequence[object], expression: Expression
) -> dict[object, dict[str, SafeString]]:
    """What a page shows of its hits: by key, each field's text with `<mark>`; of a body the part
    that says most. Fields in which nothing matched are left out."""
    raise NotImplementedError


def highlighted(text: str, expression: Expression, field: str = "body") -> SafeString:
    """A text, escaped, its matching words in `<mark>`."""
    raise NotImplementedError


def suggestion(expression: Expression, kind: str, visible: QuerySet) -> Expression | None:
    """The same with its unknown words replaced by the nearest known ones; None if there are none.

    `visible` holds what the asking person may see: nothing else is ever suggested.
    """
    raise NotImplementedError
