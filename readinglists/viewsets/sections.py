"""Sections of a list over the API."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from api.keyset import Key
from readinglists.editing.lists import add_section, change_section, move_section, remove_section
from readinglists.editing.writing import rendered
from readinglists.filters import SectionFilter
from readinglists.models import ListSection
from readinglists.serializers.sections import ListSectionSerializer, SectionBody
from readinglists.viewsets.parts import VersionedPart


class ListSectionViewSet(VersionedPart):
    """Headings of a list with prose of their own, in their order."""

    queryset = ListSection.objects.none()
    serializer_class = ListSectionSerializer
    body_class = SectionBody
    filterset_class = SectionFilter
    orderings = {"position": Key("position")}
    default_ordering = "position"

    def get_queryset(self) -> QuerySet:
        return ListSection.objects.filter(reading_list=self.reading_list, deleted_at=None)

    def select(self, queryset: QuerySet) -> QuerySet:
        counted = Q(items__deleted_at=None)
        if not self.standing.is_member:
            counted &= Q(items__is_proposed=False)
        return queryset.annotate(item_count=Count("items", filter=counted))

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        ids = self.get_queryset().order_by("position", "pk").values_list("pk", flat=True)
        places = {pk: place for place, pk in enumerate(ids, 1)}
        return [section_row(row, places.get(row.pk, 0)) for row in rows]

    # --- Writing -----------------------------------------------------------------------------
    def prepare(self, values: dict[str, Any]) -> None:
        rendered(values.get("prose", ""))

    def make(self, values: dict[str, Any]) -> ListSection:
        place = values.get("position")
        return add_section(
            self.reading_list.pk,
            self.request.user,
            values["title"],
            prose=values.get("prose", ""),
            at=None if place is None else place - 1,
        )

    def change(self, thing: ListSection, values: dict[str, Any]) -> None:
        actor = self.request.user
        place = values.pop("position", None)
        if values:
            change_section(self.reading_list, actor, thing.pk, **values)
        if place is not None:
            move_section(self.reading_list, actor, thing.pk, place - 1)

    def remove(self, thing: ListSection) -> None:
        """Its items stay, before all sections."""
        remove_section(self.reading_list, self.request.user, thing.pk)


def section_row(section: Any, place: int) -> dict[str, Any]:
    return {
        "id": str(section.pk),
        "version": section.version,
        "list": str(section.reading_list_id),
        "title": section.title,
        "prose": section.prose or None,
        "prose_html": section.prose_html or None,
        "position": place,
        "item_count": section.item_count,
    }
