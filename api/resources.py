"""What every address of the API does, and what every collection does."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAcceptable, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from api.conditional import answer_conditionally
from api.filters import LARGEST_ID, Filters, FilterSet
from api.keyset import Key
from api.pagination import KeysetPagination
from api.parameters import refuse_mistakes

# Data, never a document: nothing in an answer runs or loads, should a browser show it.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def name_type_of_nothing(response: Response) -> None:
    """DRF takes an empty body for none; JSON Lines of no rows are an answer with a type."""
    response.headers.setdefault("Content-Type", response.accepted_media_type)


class ApiFace:
    """For every view under /api/: limits, conditional reading, and headers for caches."""

    http_method_names = ["get", "head", "options"]
    # Collections say so: their tags are weak.
    weak_etag = False
    # Of what an answer shows, if it carries one: its tag begins with it.
    shown_version: int | None = None

    def perform_content_negotiation(self, request: Request, force: bool = False):
        formats = ", ".join(renderer.format for renderer in self.get_renderers())
        try:
            return super().perform_content_negotiation(request, force)
        except Http404:
            raise NotFound(f"No such format here. Known are: {formats}.") from None
        except NotAcceptable:
            raise NotAcceptable(f"None of what is accepted is made here: {formats}.") from None

    def finalize_response(self, request: Request, response: HttpResponse, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        state = getattr(request._request, "rate_state", None)
        if state is not None:
            for name, value in state.headers().items():
                response.headers[name] = value
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        is_known = request.user is not None and request.user.is_authenticated
        response.headers.setdefault(
            "Cache-Control", "private, no-cache" if is_known else "no-cache"
        )
        if isinstance(response, Response):
            response.add_post_render_callback(name_type_of_nothing)
            response.add_post_render_callback(
                lambda rendered: answer_conditionally(
                    request._request, rendered, weak=self.weak_etag, version=self.shown_version
                )
            )
        return response

    @extend_schema(exclude=True)
    def options(self, request: Request, *args, **kwargs) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})


class Collection(ApiFace, GenericViewSet):
    """A collection read by pages, and each of its things.

    Rows are shaped from plain values with one query a relation; the serializers only describe them
    in the schema (a test holds the answers to it), since running them costs three times the rest.
    """

    scope_resource: str
    pagination_class = KeysetPagination
    filter_backends = [Filters]
    filterset_class: type[FilterSet]
    orderings: Mapping[str, Key]
    default_ordering: str
    # Whether a thing is also found by its slug.
    has_slug: bool = False
    lookup_value_regex = "[^/]+"
    detail_serializer_class: type[BaseSerializer] | None = None
    # Known beside filters: of any answer, and of one thing.
    parameters = KeysetPagination.parameters | {"format"}
    detail_parameters: frozenset[str] = frozenset({"format"})

    # --- What each collection says -----------------------------------------------------------
    def select(self, queryset: QuerySet) -> QuerySet:
        """What is read of each row shown."""
        raise NotImplementedError

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        """The rows as they are shown."""
        raise NotImplementedError

    # --- What all of them do -----------------------------------------------------------------
    def list(self, request: Request) -> Response:
        self.weak_etag = True
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.shape(rows))

    def retrieve(self, request: Request, pk: str) -> Response:
        refuse_mistakes(request.query_params, self.detail_parameters)
        queryset = self.narrow(self.get_queryset()).filter(self.lookup(pk))
        rows = list(self.select(queryset)[:1])
        if not rows:
            return self.lead_on(request, pk)
        return Response(self.shape(rows, detail=True)[0])

    def lead_on(self, request: Request, name: str) -> Response:
        """To the address of what stands for a thing now, with the query string as it came."""
        standing = self.standing_name(name)
        if standing == name:
            raise Http404
        address = reverse(request.resolver_match.view_name, args=[standing])
        query = request.META.get("QUERY_STRING")
        location = f"{address}?{query}" if query else address
        return Response(
            {"location": location},
            status=HTTPStatus.PERMANENT_REDIRECT,
            headers={"Location": location},
        )

    def standing_name(self, name: str) -> str:
        """Under which name a merged or renamed thing is found; Http404 if there is none."""
        raise Http404

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """What `detail_parameters` leave of the queryset."""
        return queryset

    def lookup(self, name: str) -> Q:
        if name.isascii() and name.isdigit() and int(name[:20]) <= LARGEST_ID:
            return Q(pk=int(name))
        if not self.has_slug or "\x00" in name:
            raise Http404
        return Q(slug=name)

    def get_one(self, rows: QuerySet) -> Any:
        """The only row; 404 if there is none."""
        found = rows.first()
        if found is None:
            raise Http404
        return found

    def get_serializer_class(self) -> type[BaseSerializer]:
        if self.action != "list" and self.detail_serializer_class:
            return self.detail_serializer_class
        return super().get_serializer_class()

    def csv_columns(self) -> list[str]:
        fields = self.get_serializer_class()().fields
        return ["id", *(name for name in fields if name != "id")]

    def finalize_response(self, request: Request, response: HttpResponse, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        renderer = getattr(response, "accepted_renderer", None)
        response.headers["Content-Security-Policy"] = DATA_POLICY
        if renderer is not None and renderer.format != "json":
            extension = getattr(renderer, "extension", renderer.format)
            name = f"{self.scope_resource}.{extension}"
            response.headers.setdefault("Content-Disposition", f'attachment; filename="{name}"')
        return response


def uuid_lookup(name: str) -> Q:
    """A row by its id in any spelling of a UUID; what is none names nothing."""
    try:
        return Q(pk=UUID(name))
    except ValueError:
        raise Http404 from None


def absolute(path: str) -> str:
    """The address of one of the site's pages, wherever the answer is read."""
    return f"{settings.SITE_URL}{path}"


def grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    """Related rows by what they belong to."""
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for owner, related in pairs:
        groups[owner].append(related)
    return groups
