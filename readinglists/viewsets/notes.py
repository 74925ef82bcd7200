"""Notes on the items of a list over the API."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from api.keyset import Key
from readinglists.editing.notes import add_note, change_note, remove_note
from readinglists.editing.writing import Refused, rendered
from readinglists.filters import NoteFilter
from readinglists.item_rows import note_row, standing_items
from readinglists.models import Audience, Note
from readinglists.rights import Standing, visible_notes
from readinglists.serializers.items import NoteBody, NoteSerializer
from readinglists.viewsets.parts import VersionedPart


class NoteViewSet(VersionedPart):
    """What people say about the items of a list, as far as the caller may read it."""

    queryset = Note.objects.none()
    serializer_class = NoteSerializer
    body_class = NoteBody
    filterset_class = NoteFilter
    orderings = {"created": Key("created_at"), "updated": Key("updated_at")}
    default_ordering = "created"

    def may_write(self, standing: Standing) -> bool:
        """For themselves whoever is signed in and sees the list."""
        return self.request.user.is_authenticated

    def get_queryset(self) -> QuerySet:
        items = standing_items(self.reading_list, self.standing)
        return visible_notes(self.standing).filter(item__in=items.values("pk"))

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("author")

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return [note_row(row) for row in rows]

    # --- Writing -----------------------------------------------------------------------------
    def check_right(self, thing: Note) -> None:
        is_own = thing.author_id == self.request.user.pk
        if self.action == "destroy":
            if not (is_own or self.standing.may_edit):
                self.refuse("A note is removed by its author, or by the list's owner and editors.")
        elif not is_own:
            self.refuse("A note is changed by its author alone.")

    def _check_audience(self, audience: str) -> None:
        """For others members alone."""
        if audience != Audience.PRIVATE and not self.standing.may_note:
            self.refuse("Only members of this list write notes for others; yours may be private.")

    def prepare(self, values: dict[str, Any]) -> None:
        rendered(values.get("markdown", ""))

    def make(self, values: dict[str, Any]) -> Note:
        audience = values.get("audience", Audience.PRIVATE)
        self._check_audience(audience)
        items = standing_items(self.reading_list, self.standing)
        item = items.filter(pk=values["item"]).first()
        if item is None:
            raise Refused("There is no such item on this list.", field="item", code="unknown")
        return add_note(self.reading_list, self.request.user, item, values["markdown"], audience)

    def change(self, thing: Note, values: dict[str, Any]) -> None:
        self._check_audience(values.get("audience", thing.audience))
        change_note(self.reading_list, self.request.user, thing, **values)

    def remove(self, thing: Note) -> None:
        remove_note(self.reading_list, self.request.user, thing)
