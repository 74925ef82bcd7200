"""Reading lists over the API."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from api.keyset import Key
from api.resources import uuid_lookup
from api.writing import WritableCollection
from readinglists.editing.lists import change_list, make_list, trash_list
from readinglists.editing.writing import rendered
from readinglists.exporting.renderers import ExportedLists
from readinglists.filters import ReadingListFilter
from readinglists.models import ReadingList
from readinglists.rows import list_rows, select_lists
from readinglists.serializers.lists import ListBody, ListDetailSerializer, ListSerializer
from readinglists.viewsets.ordering import OrderedFace
from readinglists.viewsets.parts import (
    EDITORS_ONLY,
    OWNER_ONLY,
    VersionedFace,
    lists_for,
    within_token,
)


class ReadingListViewSet(ExportedLists, OrderedFace, VersionedFace, WritableCollection):
    """Lists that the caller may see: the collection holds their own, those shared with them and
    public ones; one that is unlisted opens by its id."""

    http_method_names = [*WritableCollection.http_method_names, "put"]
    queryset = ReadingList.objects.none()
    serializer_class = ListSerializer
    detail_serializer_class = ListDetailSerializer
    body_class = ListBody
    filterset_class = ReadingListFilter
    orderings = {
        "updated": Key("updated_at"),
        "created": Key("created_at"),
        "title": Key("title_order", Lower("title")),
    }
    default_ordering = "-updated"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "pk" in kwargs and request.method not in ("GET", "HEAD", "OPTIONS"):
            self.open_list(kwargs["pk"])
            if getattr(self, (request.method or "").lower(), None) is not None:
                self.check_standing()

    def check_standing(self) -> None:
        if self.action == "destroy" and not self.standing.is_owner:
            self.refuse(OWNER_ONLY)
        if not self.standing.may_edit:
            self.refuse(EDITORS_ONLY)

    def get_queryset(self) -> QuerySet:
        if self.action == "list":
            listed = ReadingList.objects.listed_for(self.request.user)
            return within_token(listed, self.request)
        return lists_for(self.request)

    def select(self, queryset: QuerySet) -> QuerySet:
        return select_lists(queryset, self.request.user)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return list_rows(rows, detail=detail)

    def lookup(self, name: str) -> Q:
        return uuid_lookup(name)

    # --- Writing -----------------------------------------------------------------------------
    def hold_whole(self) -> None:
        if self.action != "create":
            self.hold_list()

    def prepare(self, values: dict[str, Any]) -> None:
        rendered(values.get("description", ""))

    def make(self, values: dict[str, Any]) -> ReadingList:
        if getattr(self.request.auth, "only_list", None) is not None:
            detail = "This token is limited to one reading list."
            raise PermissionDenied(detail, code="limited_to_list")
        return make_list(self.request.user, **values)

    def change(self, thing: ReadingList, values: dict[str, Any]) -> None:
        is_opened = values.get("visibility", thing.visibility) != thing.visibility
        if is_opened and not self.standing.is_owner:
            self.refuse("Only the owner of this list decides who may see it.")
        if "cover_topic" in values:
            topic = values.pop("cover_topic")
            values["cover_topic_id"] = topic and topic.pk
        change_list(thing.pk, self.request.user, thing.version, **values)

    def remove(self, thing: ReadingList) -> None:
        """Into the trash."""
        trash_list(thing.pk, self.request.user, thing.version)
