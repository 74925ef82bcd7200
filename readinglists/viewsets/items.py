"""Items of a list over the API: one or many added, changed, moved, removed."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import Conflict
from api.idempotency import idempotent
from api.keyset import Key
from api.parameters import refuse_mistakes
from readinglists.editing.items import (
    Placed,
    change_item,
    move_item,
    put_items,
    remove_items,
)
from readinglists.editing.writing import Refused
from readinglists.filters import ItemFilter
from readinglists.item_rows import ITEM_COLUMNS, item_rows, standing_items
from readinglists.models import Item
from readinglists.rights import Standing, visible_notes
from readinglists.serializers.adding import AddedSerializer
from readinglists.serializers.items import ItemBody, ItemSerializer
from readinglists.sharing.proposals import require_room
from readinglists.viewsets.adding import MOST_AT_ONCE, Asked, read_each
from readinglists.viewsets.parts import VersionedPart
from readinglists.viewsets.proposals import DecidesProposals
from readinglists.wanted import already_on, key_of, targets_for

MULTI_STATUS = 207


class ItemViewSet(DecidesProposals, VersionedPart):
    """What stands on a list, in its order, each with the notes that the caller may read."""

    queryset = Item.objects.none()
    serializer_class = ItemSerializer
    body_class = ItemBody
    filterset_class = ItemFilter
    orderings = {
        "section": Key("section_place"),
        "position": Key("position"),
        "added": Key("added_at"),
    }
    default_ordering = "section,position"
    refusal = "Only the owner, editors and contributors of this list may do this."

    def may_write(self, standing: Standing) -> bool:
        return standing.may_edit or standing.may_propose

    def check_right(self, thing: Item) -> None:
        is_own_proposal = thing.is_proposed and thing.added_by_id == self.request.user.pk
        if not (self.standing.may_edit or is_own_proposal):
            self.refuse("Contributors change what they propose, until an editor accepts it.")

    def get_queryset(self) -> QuerySet:
        notes = visible_notes(self.standing).filter(item=OuterRef("pk"))
        items = standing_items(self.reading_list, self.standing)
        return items.annotate(is_noted=Exists(notes))

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.values(*ITEM_COLUMNS)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return item_rows(rows, self.reading_list, self.standing)

    # --- Writing -----------------------------------------------------------------------------
    @extend_schema(
        request=PolymorphicProxySerializer(
            "OneOrManyItems", [ItemBody, ItemBody(many=True)], None, many=False
        ),
        responses={201: ItemSerializer, MULTI_STATUS: AddedSerializer},
    )
    def create(self, request: Request) -> HttpResponse:
        """One, or an array of up to a thousand, answered by index (207): what is unfit among them
        keeps none of the others out. Contributors propose."""
        if isinstance(request.data, list):
            return self.create_many(request)
        return super().create(request)

    def prepare(self, values: dict[str, Any]) -> None:
        if "wanted" in values:
            [target] = targets_for([values["wanted"]], self.request.user)
            if isinstance(target, Refused):
                raise target
            values["target"] = target

    def make(self, values: dict[str, Any]) -> Item:
        [asked] = self.put([Asked.of(values)])
        if asked.already is not None:
            error = Conflict("It is on this list already.", code="duplicate")
            error.members = {"item": str(asked.already)}
            raise error
        if asked.refused is not None:
            raise asked.refused
        return Item(pk=asked.made)

    @idempotent
    def create_many(self, request: Request) -> HttpResponse:
        refuse_mistakes(request.query_params, self.detail_parameters)
        data = list(request.data)
        if not 0 < len(data) <= MOST_AT_ONCE:
            code = "too_many" if data else "empty"
            detail = ErrorDetail(f"From 1 to {MOST_AT_ONCE:,} items at once.", code=code)
            raise ValidationError({"non_field_errors": [detail]})
        body = ItemBody(context={**self.get_serializer_context(), "read_only": self.shown_fields()})
        many = read_each(body, data, request.user)
        with transaction.atomic():
            self.hold_list()
            many = self.put(many)
            made = [each.made for each in many if each.made]
            rows = self.shape(list(self.select(self.get_queryset().filter(pk__in=made))))
        shown = {row["id"]: row for row in rows}
        results = [each.row(number, shown) for number, each in enumerate(many)]
        answer = {"list_version": self.reading_list.version, "results": results}
        return Response(answer, status=MULTI_STATUS)

    def put(self, many: Sequence[Asked]) -> list[Asked]:
        """Add what can be, as one event; say of the rest why it was not."""
        is_proposed = not self.standing.may_edit
        many = self._refuse_strange_sections(many)
        if is_proposed:
            many = [self._without_place(each) for each in many]
        there = already_on(self.reading_list, [each.target for each in many if each.target])
        decided: list[Asked] = []
        coming: list[Placed] = []
        for each in many:
            if each.target is None:
                decided.append(each)
                continue
            key = key_of(each.target)
            if key in there and not each.allow_duplicates:
                decided.append(replace(each, already=there[key], target=None))
                continue
            made = uuid4()
            there.setdefault(key, made)
            coming.append(each.placed(made))
            decided.append(replace(each, made=made))
        if coming:
            if is_proposed:
                require_room(self.reading_list, self.request.user, len(coming))
            put_items(self.reading_list, self.request.user, coming, is_proposed=is_proposed)
        return decided

    def _refuse_strange_sections(self, many: Sequence[Asked]) -> list[Asked]:
        named = {each.section for each in many if each.section}
        if not named:
            return list(many)
        sections = self.reading_list.sections.filter(deleted_at=None, pk__in=named)
        known = {None, *sections.values_list("pk", flat=True)}
        refused = Refused("There is no such section on this list.", field="section", code="unknown")
        return [
            each if each.section in known else replace(each, target=None, refused=refused)
            for each in many
        ]

    def _without_place(self, asked: Asked) -> Asked:
        if asked.at is None:
            return asked
        message = "Where a proposal stands is for editors to say."
        refused = Refused(message, field="position", code="not_allowed")
        return replace(asked, target=None, refused=asked.refused or refused)

    def change(self, thing: Item, values: dict[str, Any]) -> None:
        actor = self.request.user
        if not self.standing.may_edit and values.keys() - {"title"}:
            self.refuse("Where a proposal stands, and whether it stays, is for editors to say.")
        if "title" in values:
            change_item(self.reading_list, actor, thing.pk, title=values["title"])
        section = values.get("section", thing.shown_section)
        place = values.get("position")
        if section != thing.shown_section or place is not None:
            at = None if place is None else place - 1
            move_item(self.reading_list, actor, thing.pk, section, at)

    def remove(self, thing: Item) -> None:
        """Into the list's trash: undo brings it back."""
        verb = "removed"
        if thing.is_proposed:
            verb = "withdrawn" if thing.added_by_id == self.request.user.pk else "declined"
        remove_items(self.reading_list, self.request.user, [thing.pk], verb=verb)
