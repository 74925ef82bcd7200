"""Pages of a collection: `?page_size=`, `?cursor=`, `?ordering=`, and the body around the rows."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from api.errors import ParameterErrors
from api.keyset import CursorError, Key, KeysetPage, Ordering, bounded_count, keyset_page
from api.parameters import read_number
from api.relevance import MOST_RANKED, ORDERING, RelevancePage, relevance_page

PAGE_SIZE = 50
LARGEST_PAGE = 200
COUNTED_EXACTLY = 10_000
COUNTED_IN_SEARCH = MOST_RANKED
TIE = Key("id")
BY_RELEVANCE = (
    f" With `q` the default is `{ORDERING}`, alone and never reversed: the best {MOST_RANKED:,} "
    "hits as they were when the first page was read, frozen in the cursor; hits beyond them are "
    "read in another order. All other orders page through every row by its keys."
)


class KeysetPagination(BasePagination):
    """The view says what may be ordered by (`orderings`, `default_ordering`) and what is selected
    for the rows that are shown (`select`), after counting."""

    parameters = frozenset({"page_size", "cursor", "ordering"})
    page: KeysetPage | RelevancePage

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None):
        data = request.query_params
        size = read_number(data, "page_size", PAGE_SIZE, lowest=1, highest=LARGEST_PAGE)
        cursor = data.get("cursor") or None
        self.address = request.build_absolute_uri()
        try:
            if self._is_by_relevance(data.get("ordering") or None, view):
                return self._by_relevance(view, cursor, size)
            return self._by_key(queryset, data.get("ordering"), view, cursor, size)
        except CursorError as error:
            raise ParameterErrors({"cursor": [("invalid", str(error))]}) from None

    def _is_by_relevance(self, ordering: str | None, view: Any) -> bool:
        if ordering not in (None, ORDERING) or not view.filterset_class.ranks():
            return False
        self.relevance = view.filterset.relevance()
        if ordering == ORDERING and not view.filterset.searched:
            message = f"{ORDERING} orders what q finds: there is no q."
            raise ParameterErrors({"ordering": [("needs_q", message)]})
        return self.relevance is not None

    def _by_relevance(self, view: Any, cursor: str | None, size: int) -> list[Any]:
        visible = view.select(view.get_queryset())
        asked = view.filterset.asked
        page = relevance_page(self.relevance, visible, asked, cursor, size)
        self.page, self.count, self.is_exact = page, page.count, page.is_exact
        return page.rows

    def _by_key(
        self, queryset: QuerySet, text: str | None, view: Any, cursor: str | None, size: int
    ) -> list[Any]:
        # A search without words, such as "topic:alignment", has nothing that could rank.
        text = None if text == ORDERING and view.filterset_class.ranks() else text
        ordering = read_ordering(text, view.orderings, view.default_ordering)
        self.page = keyset_page(view.select(queryset), ordering, cursor, size)
        if cursor is None and self.page.next is None:
            self.count, self.is_exact = len(self.page.rows), True
        else:
            cap = COUNTED_IN_SEARCH if view.filterset.searched else COUNTED_EXACTLY
            self.count, self.is_exact = bounded_count(queryset, cap)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        body, links = paged_body(self.page, data, self.count, self.is_exact, self.address)
        return Response(body, headers={"Link": links})

    # --- For the OpenAPI schema ----------------------------------------------------------------
    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "count_is_exact", "next", "previous", "results"],
            "properties": {
                "count": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": COUNTED_EXACTLY,
                    "description": (
                        f"How many rows fit; counting stops at {COUNTED_EXACTLY:,}, "
                        f"with `q` at {COUNTED_IN_SEARCH:,}."
                    ),
                },
                "count_is_exact": {"type": "boolean"},
                "next": address,
                "previous": address,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names, by_relevance = sorted(view.orderings), ""
        if view.filterset_class.ranks():
            names, by_relevance = [*names, ORDERING], BY_RELEVANCE
        return [
            _parameter(
                "page_size",
                "Rows a page.",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
            ),
            _parameter("cursor", "Opaque, from `next` or `previous`.", {"type": "string"}),
            _parameter(
                "ordering",
                "Names parted by commas, each with `-` to reverse it. Known: "
                f"{', '.join(f'`{name}`' for name in names)}. What is not known stands last. "
                f"Always total: rows that are equal are told apart by `id`.{by_relevance}",
                {"type": "string", "default": view.default_ordering},
            ),
        ]


def paged_body(
    page: KeysetPage | RelevancePage, rows: list[Any], count: int, is_exact: bool, address: str
) -> tuple[dict[str, Any], str]:
    """The body around a page's rows, and its Link header; `address` is the page's own."""

    def at(cursor: str | None) -> str | None:
        return replace_query_param(address, "cursor", cursor) if cursor else None

    following, before = at(page.next), at(page.previous)
    body = {
        "count": count,
        "count_is_exact": is_exact,
        "next": following,
        "previous": before,
        "results": rows,
    }
    links = {"first": remove_query_param(address, "cursor")}
    links |= {"next": following} if following else {}
    links |= {"prev": before} if before else {}
    return body, ", ".join(f'<{place}>; rel="{name}"' for name, place in links.items())


def read_ordering(text: str | None, known: dict[str, Key], default: str) -> Ordering:
    """The order asked for, or the default; another field is refused and the known ones named."""
    try:
        return Ordering.read(text or default, {**known, "id": TIE}, TIE)
    except KeyError:
        names = ", ".join(sorted({*known, "id"}))
        message = f"Fields to order by, each at most once: {names}; - before one reverses it."
        raise ParameterErrors({"ordering": [("invalid", message)]}) from None


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    }
