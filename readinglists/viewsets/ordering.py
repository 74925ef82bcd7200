"""What is done to a list as a whole: its order, and going back to an earlier version of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.bodies import Body
from api.described import IDEMPOTENCY_KEY, IF_MATCH
from api.idempotency import idempotent
from api.parameters import refuse_mistakes
from readinglists.editing.items import reorder, sort_items
from readinglists.editing.outline import Outline
from readinglists.editing.undoing import restore, way_back
from readinglists.editing.writing import Refused, render_texts
from readinglists.item_rows import standing_items
from readinglists.models import ReadingList
from readinglists.ordering import sort_keys
from readinglists.serializers.lists import ListDetailSerializer
from readinglists.serializers.ordering import OrderBody, OrderSerializer, RestoreBody, SortBody

OF_A_POST = [IF_MATCH, IDEMPOTENCY_KEY]


class OrderedFace:
    """Each takes the list's own version in `If-Match`, and counts it up by one event."""

    @extend_schema(responses=OrderSerializer)
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def order(self, request: Request, pk: str) -> Response:
        """Sections and items by their ids, as they stand: to be sent back in another order."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        self.open_list(pk)
        return self.ordered()

    @extend_schema(request=OrderBody, responses=OrderSerializer)
    @order.mapping.put
    def reorder(self, request: Request, pk: str) -> HttpResponse:
        """The whole order in one call. Each section and item is named once, or nothing is moved."""

        def work(reading_list: ReadingList, values: dict[str, Any]) -> None:
            order = [(None, values.get("items", []))]
            order += [(each["id"], each["items"]) for each in values.get("sections", [])]
            reorder(reading_list, request.user, order)

        self.change_whole(request, pk, OrderBody, work)
        return self.ordered()

    @extend_schema(request=SortBody, responses=ListDetailSerializer, parameters=OF_A_POST)
    @action(detail=True, methods=["post"])
    @idempotent
    def sort(self, request: Request, pk: str) -> HttpResponse:
        """Once, within each section; undo brings the chosen order back. What has no date or author
        that the caller may know comes last, in the order it had."""

        def work(reading_list: ReadingList, values: dict[str, Any]) -> None:
            is_down = values.get("descending", False)
            keys = sort_keys(reading_list, values["by"], request.user, descending=is_down)
            sort_items(reading_list, request.user, keys)

        self.change_whole(request, pk, SortBody, work)
        return self.answer(self.reading_list.pk)

    @extend_schema(request=RestoreBody, responses=ListDetailSerializer, parameters=OF_A_POST)
    @action(detail=True, methods=["post"])
    @idempotent
    def restore(self, request: Request, pk: str) -> HttpResponse:
        """To what it was in a version, as one more change. Notes stay, and so does who may see the
        list and whose it is."""

        def work(reading_list: ReadingList, values: dict[str, Any]) -> None:
            if values["version"] > reading_list.version:
                message = f"A version of this list, from 1 to {reading_list.version}."
                raise Refused(message, field="version")
            restore(reading_list, request.user, values["version"])

        def prepare(values: dict[str, Any]) -> None:
            render_texts(way_back(self.reading_list, values["version"]))

        self.change_whole(request, pk, RestoreBody, work, prepare)
        return self.answer(self.reading_list.pk)

    def change_whole(
        self,
        request: Request,
        pk: str,
        body_class: type[Body],
        work: Callable[[ReadingList, dict[str, Any]], None],
        prepare: Callable[[dict[str, Any]], None] = lambda values: None,
    ) -> None:
        """`work` with the list held, in the version the caller knows; what is slow in `prepare`."""
        self.check_request(request)
        body = body_class(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        prepare(body.validated_data)
        with transaction.atomic():
            self.held(request, pk)
            work(self.reading_list, body.validated_data)
        self.open_list(pk)

    def ordered(self) -> Response:
        reading_list = self.reading_list
        outline = Outline.of(reading_list)
        shown = set(standing_items(reading_list, self.standing).values_list("pk", flat=True))
        items = {
            section: [str(item) for item in of_section if item in shown]
            for section, of_section in outline.items.items()
        }
        self.shown_version = reading_list.version
        return Response(
            {
                "version": reading_list.version,
                "items": items[None],
                "sections": [{"id": str(pk), "items": items[pk]} for pk in outline.sections],
            }
        )
