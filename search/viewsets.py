# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.authentication import HasScope, IsSignedIn
from api.errors import ParameterErrors
from api.keyset import CursorError, Key
from api.pagination import LARGEST_PAGE, PAGE_SIZE, paged_body
from api.parameters import read_number, refuse_mistakes
from api.relevance import RelevancePage
from api.resources import Collection, absolute, uuid_lookup
from api.writing import WritableCollection
from papers.models import Paper
from search.asking import Asked, ask, found_page
from search.filters import EverythingFilter, SavedSearchFilter
from search.models import SavedSearch
from search.pagination import SearchPagination
from search.rows import facet_rows, hit_row, saved_search_rows
from search.serializers import (
    FeedAddressSerializer,
    HitSerializer,
    SavedSearchBody,
    SavedSearchSerializer,
)

FACETS = OpenApiParameter(
    "facets", {"type": "integer", "enum": [0, 1]}, description="1: with counts by facet."
)


class SearchViewSet(Collection):
    """Papers, entries, prizes, lists and notes that fit a query, the best first: in the order of
    the page and the feed, paged through as they stood when the first page was read."""

    scope_resource = "search"
    queryset = Paper.objects.none()
    serializer_class = HitSerializer
    filterset_class = EverythingFilter
    parameters = frozenset({"page_size", "cursor", "format", "facets"})
    pagination_class = SearchPagination
    orderings: dict[str, Key] = {}
    default_ordering = "relevance"

    @extend_schema(operation_id="search", parameters=[FACETS])
    def list(self, request: Request) -> Response:
        self.weak_etag = True
        data = request.query_params
        asked = ask(request, data, self.parameters, is_counted=data.get("facets") == "1")
        if mistakes := asked.filterset.mistakes():
            raise ParameterErrors(mistakes)
        size = read_number(data, "page_size", PAGE_SIZE, lowest=1, highest=LARGEST_PAGE)
        facets = read_number(data, "facets", 0, lowest=0, highest=1)
        try:
            page = found_page(asked, data.get("cursor") or None, size)
        except CursorError as error:
            raise ParameterErrors({"cursor": [("invalid", str(error))]}) from None
        return self.found(asked, page, with_facets=bool(facets))

    def found(self, asked: Asked, page: RelevancePage, *, with_facets: bool) -> Response:
        """The body of every collection, and what was understood."""
        search, address = asked.search, self.request.build_absolute_uri()
        if search:
            address = replace_query_param(address, "q", search.query.text)
        rows = [hit_row(hit) for hit in page.rows]
        body, links = paged_body(page, rows, page.count, page.is_exact, address)
        body |= {
            "query": search.query.text if search else None,
            "explanation": asked.explanation or None,
            "instead_of": asked.instead_of.text if asked.instead_of else None,
        }
        if with_facets and search:
            body["facets"] = facet_rows(search)
            body["facets_are_exact"] = search.facets_are_exact
        return Response(body, headers={"Link": links})


class SavedSearchViewSet(WritableCollection):
    """Searches that the caller keeps, with what is new in each."""

    scope_resource = "saved-searches"
    permission_classes = [HasScope, IsSignedIn]
    queryset = SavedSearch.objects.none()
    serializer_class = SavedSearchSerializer
    body_class = SavedSearchBody
    filterset_class = SavedSearchFilter
    orderings = {"name": Key("name"), "created": Key("created_at")}
    default_ordering = "name"

    def get_queryset(self) -> QuerySet:
        return SavedSearch.objects.visible_to(self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return saved_search_rows(rows, self.request.user)

    def lookup(self, name: str) -> Q:
        return uuid_lookup(name)

    def make(self, values: dict[str, Any]) -> SavedSearch:
        if not SavedSearch.has_room(self.request.user):
            message = f"At most {SavedSearch.MOST} saved searches: delete one first."
            raise ValidationError({"non_field_errors": [ErrorDetail(message, code="too_many")]})
        return SavedSearch.objects.create(owner=self.request.user, **values)

    def change(self, thing: SavedSearch, values: dict[str, Any]) -> None:
        thing.change(**values)

    @extend_schema(request=None, responses={201: FeedAddressSerializer})
    @action(detail=True, methods=["post"])
    def feed(self, request: Request, pk: str) -> Response:
        """A fresh secret address for its feed; the one before it ends. The answer is the only
        place the address is ever shown, so it takes no Idempotency-Key, which would keep it."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        with transaction.atomic():
            rows = self.get_queryset().filter(self.lookup(pk)).select_for_update()
            secret = self.get_one(rows).make_feed()
        addresses = {
            f"{kind}_url": absolute(reverse("search:feed", args=[secret, kind]))
            for kind in ("atom", "json")
        }
        headers = {"Cache-Control": "no-store"}
        return Response(addresses, status=HTTPStatus.CREATED, headers=headers)

    @extend_schema(responses={204: None})
    @feed.mapping.delete
    def end_feed(self, request: Request, pk: str) -> Response:
        """Its feed's address leads nowhere from now on."""
        self.check_request(request)
        with transaction.atomic():
            self.held(request, pk).end_feed()
        return Response(status=HTTPStatus.NO_CONTENT)
