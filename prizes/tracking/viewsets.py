"""What one tracks, over the API: one's own alone, never written over unseen."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts.authentication import HasScope, IsSignedIn
from api.errors import Conflict
from api.filters import ChoiceFilter, FilterSet, ReferenceFilter
from api.keyset import Key
from api.resources import absolute, uuid_lookup
from api.writing import WritableCollection
from markup.render import render_markdown
from prizes.models import Tracking
from prizes.tracking.changing import change
from prizes.tracking.serializers import TrackingBody, TrackingSerializer


class TrackingFilter(FilterSet):
    stage = ChoiceFilter(choices=Tracking.Stage.choices)
    prize = ReferenceFilter(help_text="A prize's id or slug.")

    class Meta:
        model = Tracking
        fields: list[str] = []


class TrackingViewSet(WritableCollection):
    """Prizes that the caller tracks, with their private notes and reminders."""

    scope_resource = "trackings"
    permission_classes = [HasScope, IsSignedIn]
    queryset = Tracking.objects.none()
    serializer_class = TrackingSerializer
    body_class = TrackingBody
    filterset_class = TrackingFilter
    orderings = {"created": Key("created_at"), "updated": Key("updated_at")}
    default_ordering = "-created"

    def get_queryset(self) -> QuerySet:
        return Tracking.objects.visible_to(self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("prize")

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return [tracking_row(tracking) for tracking in rows]

    def lookup(self, name: str) -> Q:
        return uuid_lookup(name)

    def make(self, values: dict[str, Any]) -> Tracking:
        try:
            with transaction.atomic():
                return Tracking.objects.create(user=self.request.user, **_columns(values))
        except IntegrityError:
            raise self._tracked_already(values["prize"].pk) from None

    def change(self, thing: Tracking, values: dict[str, Any]) -> None:
        change(thing, thing.version, **_columns(values))

    def _tracked_already(self, prize: int) -> Conflict:
        standing = self.get_queryset().filter(prize=prize).values_list("pk", flat=True).first()
        error = Conflict("You track this prize already.", code="duplicate")
        error.members = {"tracking": str(standing)}
        return error


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """With the notes rendered."""
    if "notes" not in values:
        return values
    return values | {"notes_html": render_markdown(values["notes"]) if values["notes"] else ""}


def tracking_row(tracking: Tracking) -> dict[str, Any]:
    return {
        "id": str(tracking.pk),
        "version": tracking.version,
        "prize": tracking.prize_id,
        "prize_name": tracking.prize.name,
        "stage": tracking.stage,
        "notes": tracking.notes or None,
        "notes_html": tracking.notes_html or None,
        "links": tracking.links,
        "days_before": tracking.days_before,
        "created_at": tracking.created_at,
        "updated_at": tracking.updated_at,
        "web_url": absolute(tracking.get_absolute_url()),
    }
