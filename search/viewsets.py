from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import HasScope, IsSignedIn
from api.keyset import Key
from api.parameters import refuse_mistakes
from api.resources import absolute, uuid_lookup
from api.writing import WritableCollection
from search.filters import SavedSearchFilter
from search.models import SavedSearch
from search.rows import saved_search_rows
from search.serializers import FeedAddressSerializer, SavedSearchBody, SavedSearchSerializer


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
