import uuid
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

from api.errors import ParameterErrors
from api.keyset import Key
from api.resources import Collection
from prizes.as_of import AsOf, AsOfError, deadlines_as_of, prizes_as_of, with_announcements
from prizes.filters import DeadlineFilter, PrizeFilter
from prizes.models import Deadline, Prize
from prizes.money import with_pool
from prizes.rows import deadline_rows, prize_rows
from prizes.serializers import DeadlineSerializer, PrizeSerializer
from prizes.standing import standing_prize

AS_OF = OpenApiParameter(
    "as_of",
    OpenApiTypes.STR,
    description="A date, meaning its end in UTC (today: now), or an instant; never in the future.",
)


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
    filterset_class = PrizeFilter
    orderings = {"name": Key("name"), "slug": Key("slug")}
    default_ordering = "name"
    has_slug = True

    def get_queryset(self) -> QuerySet:
        return with_pool(prizes_as_of(self.as_of, self.request.user), self.as_of)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return prize_rows(rows, self.as_of, self.request.user)

    def standing_name(self, name: str) -> str:
        standing = standing_prize(name, self.request.user)
        # One that is there, but was not known at `as_of`, leads nowhere.
        return name if name in (standing.slug, str(standing.pk)) else standing.slug


@extend_schema_view(
    retrieve=extend_schema(
        parameters=[AS_OF, OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)]
    )
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

    def get_queryset(self) -> QuerySet:
        return deadlines_as_of(self.as_of, self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        return with_announcements(queryset.select_related("prize"), self.as_of, self.request.user)

    def lookup(self, name: str) -> Q:
        try:
            return Q(pk=uuid.UUID(name))
        except ValueError:
            raise Http404 from None

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return deadline_rows(rows, self.as_of)
