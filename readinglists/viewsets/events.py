"""The history of a list over the API, and taking one change back."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.described import IDEMPOTENCY_KEY
from api.idempotency import idempotent
from api.keyset import Key
from api.parameters import refuse_mistakes
from api.resources import absolute
from readinglists.editing.undoing import undo
from readinglists.editing.writing import Refused, render_texts
from readinglists.event_rows import event_rows
from readinglists.filters import EventFilter
from readinglists.models import ListEvent, ReadingList
from readinglists.rights import Standing, may_undo
from readinglists.serializers.events import EventSerializer
from readinglists.viewsets.parts import ListPart, within_token


class EventViewSet(ListPart):
    """Who changed what and when, the latest first; for members. The owner reads it of a list in
    the trash as well: to undo `trashed` brings the list back."""

    http_method_names = ["get", "head", "options", "post"]
    queryset = ListEvent.objects.none()
    serializer_class = EventSerializer
    filterset_class = EventFilter
    orderings = {"version": Key("version", nullable=True)}
    default_ordering = "-version"

    def lists(self) -> QuerySet[ReadingList]:
        user = self.request.user
        lists = ReadingList.objects.visible_to(user) | ReadingList.objects.in_trash_of(user)
        return within_token(lists, self.request)

    def may_read(self, standing: Standing) -> bool:
        return standing.sees_history

    def get_queryset(self) -> QuerySet:
        return ListEvent.objects.filter(reading_list=self.reading_list)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("actor")

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return event_rows(rows, self.standing)

    @extend_schema(request=None, responses={201: EventSerializer}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @idempotent
    def undo(self, request: Request, pk: str) -> HttpResponse:
        """Give what the event changed its former state, as one more event; refused if it has been
        changed since."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        event = self.get_one(self.get_queryset().filter(self.lookup(pk)))
        render_texts(event.before or {})
        with transaction.atomic():
            self.hold_list()
            if not may_undo(self.standing, event):
                self.refuse(
                    "A change of a note is taken back by whoever made it, and who may see the "
                    "list is for its owner to say."
                )
            undone = undo(event, request.user)
            if undone is None:
                raise Refused("It is as it was before this already.", code="nothing_to_undo")
            made = self.select(self.get_queryset().filter(pk=undone.pk))
            [row] = self.shape(list(made), detail=True)
        headers = {"Location": absolute(self.place_of(undone.pk))}
        return Response(row, status=HTTPStatus.CREATED, headers=headers)
