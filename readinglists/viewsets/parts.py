"""What everything under `lists/` does: which list it is, who may, and what is held while writing.

A part of a list stands at `lists/{list_id}/<part>/` and, each thing of it, at
`lists/{list_id}/<part>/{id}/`. Register it in `config/api.py` as `under_list("<part>")`. Then

- `self.reading_list` is the list and `self.standing` what the caller is to it, before any handler
  runs. A list that one may not open, or that a limited token does not open, is 404 like one that is
  not there; so `get_queryset` starts from `self.reading_list`, and ids of other lists are 404 too.
- Reading asks `may_read`, writing `may_write`; who may not gets 403 with `refusal`.
- A write calls `self.hold_list()` in its transaction before anything else: it locks the list and
  asks again, since both may have changed while it waited. What is slow comes before, in `prepare`.
- `Refused` becomes 400 with field and code, `Stale` 412 with the list as it is.

`ListPart` is that, over a read-only collection; `VersionedPart` adds POST, PATCH and DELETE of
things with a version of their own (`make`, `change`, `remove` run with list and thing held).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import (
    ErrorDetail,
    NotAuthenticated,
    PermissionDenied,
    ValidationError,
)
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from api.conditional import PreconditionFailed
from api.resources import Collection, uuid_lookup
from api.writing import WritableCollection, tag_of
from readinglists.editing.writing import Refused, Stale
from readinglists.models import ReadingList, Role
from readinglists.rights import Standing, with_roles
from readinglists.rows import list_rows, select_lists

LIST_ID = OpenApiParameter("list_id", UUID, OpenApiParameter.PATH, description="The list's id.")
EDITORS_ONLY = "Only the owner and editors of this list may do this."
OWNER_ONLY = "Only the owner of this list may do this."
MEMBERS_ONLY = "Only members of this list may do this."


def under_list(part: str) -> str:
    """The router's prefix of a part."""
    return rf"lists/(?P<list_id>[^/]+)/{part}"


def lists_for(request: Request) -> QuerySet[ReadingList]:
    """Lists that may be opened with what was sent: by the account, and by a limited token one."""
    return within_token(ReadingList.objects.visible_to(request.user), request)


def within_token(lists: QuerySet[ReadingList], request: Request) -> QuerySet[ReadingList]:
    only = getattr(request.auth, "only_list", None)
    return lists if only is None else lists.filter(pk=only)


class ListsFace:
    """For lists and for their parts."""

    scope_resource = "lists"
    # Tokens that are limited to one list open these addresses, and no others that hold data.
    takes_limited_tokens = True
    reading_list: ReadingList
    standing: Standing

    def lists(self) -> QuerySet[ReadingList]:
        """Where the list is looked for."""
        return lists_for(self.request)

    def open_list(self, name: Any) -> None:
        """Find the list by its id; 404 for whoever may not see it."""
        rows = with_roles(self.lists().filter(uuid_lookup(str(name))), self.request.user)
        found = rows.select_related("owner", "cover_topic").first()
        if found is None:
            raise Http404
        role = Role(found.role) if found.role else None
        self.reading_list, self.standing = found, Standing(self.request.user, role)

    def hold_list(self) -> ReadingList:
        """The list, locked until the transaction ends, and the right to write in it as it is now.

        The lock comes first: what is asked beside it would be answered as before the wait.
        """
        pk = self.reading_list.pk
        list(ReadingList.objects.select_for_update(of=("self",)).filter(pk=pk).values_list("pk"))
        self.open_list(pk)
        self.check_standing()
        return self.reading_list

    def check_standing(self) -> None:
        raise NotImplementedError

    def refuse(self, detail: str) -> None:
        if not self.request.user.is_authenticated:
            raise NotAuthenticated
        raise PermissionDenied(detail, code="not_allowed")

    def handle_exception(self, error: Exception) -> HttpResponse:
        if isinstance(error, Refused):
            detail = ErrorDetail(str(error), code=error.code)
            error = ValidationError({error.field or "non_field_errors": [detail]})
        elif isinstance(error, Stale):
            error = PreconditionFailed(*list_state(self.reading_list.pk, self.request))
        return super().handle_exception(error)


def list_state(pk: UUID, request: Request) -> tuple[str, dict[str, Any]]:
    """The tag and the state of a list, as reading it as JSON gives them."""
    rows = list(select_lists(lists_for(request).filter(pk=pk), request.user))
    if not rows:
        raise Http404
    [row] = list_rows(rows, detail=True)
    return tag_of(row), row


class ListPart(ListsFace, Collection):
    """Things that belong to one list."""

    path_parameters = [LIST_ID]
    refusal = EDITORS_ONLY
    reading_refusal = MEMBERS_ONLY

    # --- What each part says -----------------------------------------------------------------
    def may_read(self, standing: Standing) -> bool:
        return True

    def may_write(self, standing: Standing) -> bool:
        return standing.may_edit

    # --- What all of them do -----------------------------------------------------------------
    def dispatch(self, request: Any, *args: Any, list_id: str, **kwargs: Any) -> Any:
        self.list_name = list_id
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.open_list(self.list_name)
        # Without a handler the answer is 405, whoever asks.
        if getattr(self, (request.method or "").lower(), None) is not None:
            self.check_standing()

    def check_standing(self) -> None:
        if not self.may_read(self.standing):
            self.refuse(self.reading_refusal)
        if self.request.method not in SAFE_METHODS and not self.may_write(self.standing):
            self.refuse(self.refusal)

    def lookup(self, name: str) -> Q:
        return uuid_lookup(name)

    def place_of(self, pk: object) -> str:
        return reverse(f"api:{self.basename}-detail", args=[self.reading_list.pk, pk])


class VersionedFace(ListsFace):
    """For what has a version: the list is held, then the thing; what is slow is done before."""

    def hold_whole(self) -> None:
        self.hold_list()

    def partial_update(self, request: Request, pk: str) -> HttpResponse:
        self.check_request(request)
        values = self.read_body(request, pk)
        self.prepare(values)
        with transaction.atomic():
            thing = self.held(request, pk)
            self.change(thing, values)
            return self.answer(thing.pk)


class VersionedPart(VersionedFace, ListPart, WritableCollection):
    """Things of a list that have a version: `If-Match` takes it."""
