"""The deadlines a query string chooses, all of them: for calendars and feeds, without pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from api.parameters import MAX_LENGTH
from prizes.as_of import AsOf, AsOfError, deadlines_as_of
from prizes.board import Row, with_history
from prizes.filters import DeadlineFilter
from prizes.models import Deadline
from prizes.places import ORDER, placed

# What is ahead comes first, so that nothing one could still meet is cut.
MOST = 2000
# Parameters that change how it is shown, not what.
SHOWING = ("alarm", "format")
# What the page alone knows: an address copied from it still works here.
PAGE_ALONE = frozenset({"view", "month", "tz", "cursor"})


class ChoiceError(ValueError):
    """A parameter that cannot be understood; `mistakes` are texts by its name."""

    def __init__(self, mistakes: Mapping[str, Sequence[Any]]) -> None:
        super().__init__("; ".join(f"{name}: {each[0][1]}" for name, each in mistakes.items()))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Chosen:
    """Deadlines as they were known at an instant, and the query that chose them."""

    rows: Sequence[Row]
    as_of: AsOf
    query: Mapping[str, str]
    is_cut: bool = False

    @classmethod
    def by(cls, request: HttpRequest, among: QuerySet[Deadline] | None = None) -> Self:
        as_of = looked_from(request)
        deadlines = deadlines_as_of(as_of, request.user)
        if among is not None:
            deadlines = deadlines.filter(pk__in=among.values("pk"))
        also = PAGE_ALONE | {"alarm"}
        filterset = DeadlineFilter(request.GET, deadlines, request=request, also_known=also)
        if mistakes := filterset.mistakes():
            raise ChoiceError(mistakes)
        known = sorted(filterset.known() | {"alarm"})
        query = {name: request.GET[name] for name in known if request.GET.get(name)}
        return cls.read(filterset.qs, as_of, request.user, query)

    @classmethod
    def read(
        cls, deadlines: QuerySet[Deadline], as_of: AsOf, user, query: Mapping[str, str]
    ) -> Self:
        """Of `deadlines_as_of`, in the order of the page."""
        found = with_history(ORDER.apply(placed(deadlines, as_of)), user)[: MOST + 1]
        rows = [Row(deadline, as_of) for deadline in found]
        return cls(rows[:MOST], as_of, query, len(rows) > MOST)

    def address(self, path: str, *, without: Sequence[str] = ()) -> str:
        """With the same query, at another face of the same set."""
        query = {name: value for name, value in self.query.items() if name not in without}
        return f"{settings.SITE_URL}{path}{'?' if query else ''}{urlencode(query)}"

    @property
    def words(self) -> str:
        """ "status open, topic robustness": what it was chosen by."""
        shown = {name: value for name, value in self.query.items() if name not in SHOWING}
        return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in shown.items())


def looked_from(request: HttpRequest) -> AsOf:
    text = request.GET.get("as_of", "").strip()
    if len(text) > MAX_LENGTH or not text:
        return AsOf.now()
    try:
        return AsOf.read(text)
    except AsOfError as error:
        raise ChoiceError({"as_of": [("invalid", str(error))]}) from None
