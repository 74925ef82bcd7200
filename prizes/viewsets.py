# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import ParameterErrors
from api.keyset import Key
from api.parameters import refuse_mistakes
from api.resources import Collection, uuid_lookup
from markup.feeds import write_atom
from prizes.as_of import (
    AsOf,
    AsOfError,
    deadlines_as_of,
    prizes_as_of,
    with_announcements,
    with_stops,
)
from prizes.calendar import EmptyCalendarError
from prizes.calendar.feed import calendar_of, why_empty
from prizes.chosen import ChoiceError, Chosen
from prizes.feeds import feed_of
from prizes.filters import DeadlineFilter, PrizeFilter
from prizes.models import Deadline, Prize
from prizes.money import with_pool
from prizes.rows import deadline_rows, outcome_rows, prize_rows
from prizes.serializers import DeadlineSerializer, PrizeDetailSerializer, PrizeSerializer
from prizes.standing import standing_prize

AS_OF = OpenApiParameter(
    "as_of",
    OpenApiTypes.STR,
    description="A date, meaning its end in UTC (today: now), or an instant; never in the future.",
)


ALARM = OpenApiParameter(
    "alarm",
    OpenApiTypes.STR,
    description="For `ics` alone: when to ring before each deadline, such as `7d,1d`.",
)


class CalendarRenderer(BaseRenderer):
    """A calendar, written where its deadlines were read."""

    media_type = "text/calendar"
    format = "ics"
    charset = "utf-8"

    def render(self, data: bytes, accepted_media_type: Any = None, renderer_context: Any = None):
        return data


class AtomRenderer(CalendarRenderer):
    media_type = "application/atom+xml"
    format = "atom"


WHOLE = {CalendarRenderer.format, AtomRenderer.format}


def refuse_paging(data: QueryDict) -> None:
    message = "A calendar or feed holds all that fits, in an order of its own."
    if given := [name for name in ("page_size", "cursor", "ordering") if data.get(name)]:
        raise ParameterErrors({name: [("not_here", message)] for name in given})


class LookingBack:
    """Shows things as they were known at the instant `as_of`, or now."""

    detail_parameters = Collection.detail_parameters | {"as_of"}

    @cached_property
    def as_of(self) -> AsOf:
        text = (self.request.query_params.get("as_of") or "").strip()
        try:
            return AsOf.read(text) if text else AsOf.now()
        except AsOfError as error:
            raise ParameterErrors({"as_of": [("invalid", str(error))]}) from None


@extend_schema_view(retrieve=extend_schema(parameters=[AS_OF]))
class PrizeViewSet(LookingBack, Collection):
    """Prizes, competitions, grants, calls and jobs that somebody can win or apply for."""

    scope_resource = "prizes"
    queryset = Prize.objects.none()
    serializer_class = PrizeSerializer
    detail_serializer_class = PrizeDetailSerializer
    filterset_class = PrizeFilter
    orderings = {"name": Key("name"), "slug": Key("slug")}
    default_ordering = "name"
    has_slug = True

    def get_queryset(self) -> QuerySet:
        return with_pool(prizes_as_of(self.as_of, self.request.user), self.as_of)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        shown = prize_rows(rows, self.as_of, self.request.user)
        if detail:
            for prize in shown:
                prize["outcomes"] = outcome_rows(prize["id"], self.as_of, self.request.user)
        return shown

    def standing_name(self, name: str) -> str:
        standing = standing_prize(name, self.request.user)
        # One that is there, but was not known at `as_of`, leads nowhere.
        return name if name in (standing.slug, str(standing.pk)) else standing.slug


@extend_schema_view(
    list=extend_schema(parameters=[ALARM]),
    retrieve=extend_schema(
        parameters=[AS_OF, ALARM, OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)]
    ),
)
class DeadlineViewSet(LookingBack, Collection):
    """Dates of prizes, each with the history of what was announced about it."""

    scope_resource = "deadlines"
    queryset = Deadline.objects.none()
    serializer_class = DeadlineSerializer
    filterset_class = DeadlineFilter
    orderings = {
        "earliest": Key("stated_earliest", nullable=True),
        "latest": Key("stated_latest", nullable=True),
        "prize": Key("prize_id"),
    }
    default_ordering = "earliest"
    renderer_classes = [*Collection.renderer_classes, CalendarRenderer, AtomRenderer]
    parameters = Collection.parameters | {"alarm"}
    detail_parameters = LookingBack.detail_parameters | {"alarm"}

    def list(self, request: Request) -> Response:
        if request.accepted_renderer.format not in WHOLE:
            return super().list(request)
        self.weak_etag = True
        refuse_paging(request.query_params)
        found = self.filter_queryset(self.get_queryset())
        return Response(self.whole(found, "/api/v1/deadlines/", "/deadlines/"))

    def retrieve(self, request: Request, pk: str) -> Response:
        if request.accepted_renderer.format not in WHOLE:
            return super().retrieve(request, pk)
        refuse_mistakes(request.query_params, self.detail_parameters)
        found = self.get_queryset().filter(self.lookup(pk))
        deadline = get_object_or_404(found.select_related("prize"))
        page = deadline.prize.get_absolute_url()
        return Response(self.whole(found, f"/api/v1/deadlines/{deadline.pk}/", page))

    def whole(self, found: QuerySet[Deadline], path: str, page: str) -> bytes:
        """Calendars and feed readers follow no pages: they are given all at once."""
        kind = self.request.accepted_renderer.format
        data = self.request.query_params
        query = {name: data[name] for name in sorted(data) if data[name]} | {"format": kind}
        chosen = Chosen.read(found, self.as_of, self.request.user, query)
        try:
            if kind == "ics":
                return calendar_of(chosen, path, page)
            return write_atom(feed_of(chosen, path, page, {}))
        except ChoiceError as error:
            raise ParameterErrors(error.mistakes) from None
        except EmptyCalendarError:
            raise NotFound(why_empty(chosen)) from None

    def get_queryset(self) -> QuerySet:
        return deadlines_as_of(self.as_of, self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        user = self.request.user
        told = with_announcements(queryset.select_related("prize"), self.as_of, user)
        return with_stops(told, self.as_of, user)

    def lookup(self, name: str) -> Q:
        return uuid_lookup(name)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return deadline_rows(rows, self.as_of)
