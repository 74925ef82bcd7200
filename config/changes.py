"""What changed of all that the caller may see, in order: for readers who keep a copy in step.

A change says that a thing came, changed or went, not how: the reader fetches it, or drops it. What
somebody may no longer see reaches them as a deletion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts.models import ApiToken, User
from api.changes import settled
from api.errors import ParameterErrors
from api.models import Change
from api.pagination import LARGEST_PAGE, PAGE_SIZE
from api.parameters import read_number, refuse_mistakes
from api.resources import DATA_POLICY, ApiFace, absolute
from newsletter.models import Entry, Issue, Publication
from papers.models import Paper, Topic
from prizes.models import Deadline, Prize
from readinglists.models import ReadingList

NOW = "now"
# Much may have changed that the caller is not told of: so far one answer reads on.
_READ_AT_MOST = 2_000
_AT_ONCE = 200

Visible = Callable[[Any], QuerySet]


class Followed(NamedTuple):
    """A kind of change: the collection that holds its things, and which of them somebody sees."""

    collection: str
    visible_to: Visible


KINDS: dict[str, Followed] = {
    "publication": Followed("publications", Publication.objects.visible_to),
    "issue": Followed("issues", Issue.objects.visible_to),
    "topic": Followed("topics", Topic.objects.visible_to),
    "entry": Followed("entries", Entry.objects.visible_to),
    "paper": Followed("papers", Paper.objects.visible_to),
    "prize": Followed("prizes", Prize.objects.visible_to),
    "deadline": Followed("deadlines", Deadline.objects.visible_to),
    "list": Followed("lists", ReadingList.objects.listed_for),
}


class Place(NamedTuple):
    """Up to where a reader knows the changes: the last one's transaction and number."""

    transaction: int
    seq: int

    def __str__(self) -> str:
        return f"{self.transaction}.{self.seq}" if self.transaction else str(self.seq)

    @classmethod
    def of(cls, change: Change) -> Place:
        return cls(change.transaction or 0, change.seq)

    @classmethod
    def read(cls, text: str) -> Place:
        """ValueError for what no answer has said."""
        before, dot, after = text.partition(".")
        numbers = [before, after] if dot else ["0", before]
        if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in numbers):
            raise ValueError(text)
        return cls(*map(int, numbers))

    def and_after(self, changes: QuerySet[Change]) -> QuerySet[Change]:
        if connection.vendor != "postgresql":
            return changes.filter(seq__gt=self.seq)
        later = Q(transaction__gt=self.transaction)
        return changes.filter(later | Q(transaction=self.transaction, seq__gt=self.seq))


START = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who follows: their account if they have one, and what their token lets them read."""

    user: Any
    token: ApiToken | None

    def kinds(self) -> list[str]:
        if self.token is None:
            return list(KINDS)
        known = ["list"] if self.token.only_list else KINDS
        scopes = self.token.scopes
        return [kind for kind in known if f"{KINDS[kind].collection}:read" in scopes]

    def within_token(self, changes: QuerySet[Change]) -> QuerySet[Change]:
        """Of its one list alone, for a token that is limited to one: not even that others went."""
        only = self.token.only_list if self.token is not None else None
        return changes.filter(key=str(only)) if only else changes

    def seen(self, kind: str, keys: Iterable[str]) -> set[str]:
        """Those of the keys whose things they may see now."""
        found = KINDS[kind].visible_to(self.user).filter(pk__in=set(keys))
        return {str(pk) for pk in found.values_list("pk", flat=True)}


def changes_after(
    place: Place, caller: Caller, kinds: Sequence[str], size: int
) -> tuple[list[dict[str, Any]], Place, bool]:
    """At most `size` changes as the caller may know them, up to where they were read, and whether
    more may follow. An answer may hold fewer, even none, and still have more after it."""
    rows: list[dict[str, Any]] = []
    changes = settled().filter(Q(reader=None) | Q(reader=caller.user.pk), kind__in=kinds)
    changes = caller.within_token(changes)
    for _ in range(0, _READ_AT_MOST, _AT_ONCE):
        batch = list(place.and_after(changes)[: _AT_ONCE + 1])
        for change, row in _told(batch[:_AT_ONCE], caller):
            place = Place.of(change)
            if row is not None:
                rows.append(row)
            if len(rows) == size:
                return rows, place, change is not batch[-1]
        if len(batch) <= _AT_ONCE:
            return rows, place, False
    return rows, place, True


def _told(
    batch: Sequence[Change], caller: Caller
) -> Iterator[tuple[Change, dict[str, Any] | None]]:
    """Each change with what the caller is told of it, if anything."""
    by_kind = groupby(sorted(batch, key=lambda each: each.kind), key=lambda each: each.kind)
    seen = {kind: caller.seen(kind, [each.key for each in changes]) for kind, changes in by_kind}
    for change in batch:
        verb = _verb_for(change, change.key in seen[change.kind], caller.user)
        yield change, _row(change, verb) if verb else None


def _verb_for(change: Change, is_seen: bool, user: User) -> str | None:
    if is_seen:
        # It may have gone and come back since.
        is_gone = change.verb == Change.Verb.DELETED
        return Change.Verb.UPDATED if is_gone else change.verb
    # Somebody unknown has no account's id, and neither has a change that is told to all.
    is_for_them = change.reader is not None and change.reader == user.pk
    was_seen = change.is_open or is_for_them
    # What came and was never seen did not go for anybody.
    return Change.Verb.DELETED if was_seen and change.verb != Change.Verb.CREATED else None


def _row(change: Change, verb: str) -> dict[str, Any]:
    is_gone = verb == Change.Verb.DELETED
    place = reverse(f"api:{KINDS[change.kind].collection}-detail", args=[change.key])
    return {
        "version": str(Place.of(change)),
        "kind": change.kind,
        "id": change.key,
        "verb": verb,
        "at": change.at,
        "url": None if is_gone else absolute(place),
    }


class ChangeSerializer(serializers.Serializer):
    version = serializers.CharField(help_text="Up to here, if this is the last one worked through.")
    kind = serializers.ChoiceField(list(KINDS))
    id = serializers.CharField(help_text="The thing’s id in its collection.")
    verb = serializers.ChoiceField(Change.Verb.values)
    at = serializers.DateTimeField()
    url = serializers.URLField(allow_null=True, help_text="Where it is read; null if it is gone.")


class ChangesSerializer(serializers.Serializer):
    version = serializers.CharField(help_text="What to ask for `since` next time.")
    has_more = serializers.BooleanField(help_text="Ask again at once.")
    next = serializers.URLField(allow_null=True)
    results = ChangeSerializer(many=True)


class ChangesView(ApiFace, APIView):
    """What changed since a version, in the order in which it was committed.

    To keep a copy: ask for `since=now` and keep its `version`, read the collections, then ask for
    what changed since, again and again. A change never comes too late to be read: changes whose
    neighbours are still being written wait for them. A list's changes are those of its sections,
    items and notes too.
    """

    scope_resource = "changes"
    # It tells such a token of its own list alone.
    takes_limited_tokens = True
    parameters = frozenset({"since", "kind", "page_size", "format"})
    weak_etag = True

    @extend_schema(
        operation_id="changes",
        parameters=[
            OpenApiParameter("since", str, description="A `version`, or `now`; all if not given."),
            OpenApiParameter("kind", str, enum=list(KINDS), description="Of this kind alone."),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
            ),
        ],
        responses=ChangesSerializer,
    )
    def get(self, request: Request) -> Response:
        data = request.query_params
        refuse_mistakes(data, self.parameters)
        size = read_number(data, "page_size", PAGE_SIZE, lowest=1, highest=LARGEST_PAGE)
        token = request.auth if isinstance(request.auth, ApiToken) else None
        caller = Caller(request.user, token)
        kinds = self._kinds(data.get("kind") or None, caller)
        if data.get("since") == NOW:
            return self._answer(request, [], _latest(), has_more=False)
        place = self._place(data.get("since") or None)
        rows, place, has_more = changes_after(place, caller, kinds, size)
        return self._answer(request, rows, place, has_more=has_more)

    def _answer(
        self, request: Request, rows: list[dict[str, Any]], place: Place, *, has_more: bool
    ) -> Response:
        address = replace_query_param(request.build_absolute_uri(), "since", str(place))
        following = address if has_more else None
        body = {"version": str(place), "has_more": has_more, "next": following, "results": rows}
        headers = {"Content-Security-Policy": DATA_POLICY}
        if following:
            headers["Link"] = f'<{following}>; rel="next"'
        return Response(body, headers=headers)

    @staticmethod
    def _kinds(kind: str | None, caller: Caller) -> list[str]:
        if kind and kind not in KINDS:
            message = f"Known are: {', '.join(KINDS)}."
            raise ParameterErrors({"kind": [("invalid_choice", message)]})
        return [each for each in caller.kinds() if kind in (None, each)]

    @staticmethod
    def _place(since: str | None) -> Place:
        if since is None:
            return START
        try:
            place = Place.read(since)
        except ValueError:
            message = "A version as an answer of this address says it, or now."
            raise ParameterErrors({"since": [("invalid", message)]}) from None
        if place > _latest():
            message = "This site has not come so far: it was set back. Read everything again."
            raise ParameterErrors({"since": [("unknown_version", message)]})
        return place


def _latest() -> Place:
    last = settled().reverse().first()
    return Place.of(last) if last else START
