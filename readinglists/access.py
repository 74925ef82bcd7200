"""How a request comes to a list: by the list's own address, or by that of a share link.

Every page of a list that visitors may see is reached both ways, and asks here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from accounts.secret_addresses import secret_address
from readinglists.models import ReadingList, Role
from readinglists.naming import shared_path
from readinglists.rights import Standing, standing_of, with_roles
from readinglists.sharing.links import link_of
from readinglists.typed import keeps_typed, signed_in

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Access:
    """One list, what its visitor is to it, and the secret by which they came, if by one."""

    reading_list: ReadingList
    standing: Standing
    secret: str | None = None

    def url(self, name: str, **kwargs: Any) -> str:
        """The address of another face of the list, by the way the visitor came."""
        if name == "detail":
            return shared_path(self.secret) if self.secret else self.reading_list.get_absolute_url()
        if self.secret:
            return reverse(f"readinglists:shared:{name}", kwargs={"secret": self.secret, **kwargs})
        return reverse(f"readinglists:{name}", kwargs={"pk": self.reading_list.pk, **kwargs})


def by_list(view: View) -> View:
    """For a view that takes `(request, access, …)`: 404 for whoever may not see the list."""

    @wraps(view)
    @keeps_typed
    @sensitive_variables("secret")
    def wrapped(
        request: HttpRequest, pk: UUID | None = None, secret: str | None = None, **kwargs: Any
    ) -> HttpResponse:
        if secret is not None:
            return shared(request, secret, **kwargs)
        return view(request, own_access(request, pk), **kwargs)

    @secret_address
    @sensitive_variables("secret")
    def shared(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponse:
        response = view(request, shared_access(request, secret), **kwargs)
        # A copy kept anywhere would outlive the link.
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return wrapped


def own_access(request: HttpRequest, pk: UUID | None) -> Access:
    lists = with_roles(ReadingList.objects.visible_to(request.user), request.user)
    reading_list: Any = get_object_or_404(lists.select_related("owner", "cover_topic"), pk=pk)
    role = Role(reading_list.role) if reading_list.role else None
    return Access(reading_list, Standing(request.user, role))


@sensitive_variables("secret")
def shared_access(request: HttpRequest, secret: str) -> Access:
    link = link_of(secret)
    if link is None:
        raise Http404
    reading_list = link.reading_list
    return Access(reading_list, standing_of(reading_list, request.user, link), secret)


def by_editor(view: View) -> View:
    """For whoever may edit: others who see the list get 403, all else 404."""
    return _by_standing(view, lambda standing: standing.may_edit)


def by_owner(view: View) -> View:
    return _by_standing(view, lambda standing: standing.is_owner)


def by_member(view: View) -> View:
    return _by_standing(view, lambda standing: standing.is_member)


def _by_standing(view: View, may: Callable[[Standing], bool]) -> View:
    @wraps(view)
    @keeps_typed
    @signed_in
    def wrapped(request: HttpRequest, pk: UUID, **kwargs: Any) -> HttpResponse:
        access = own_access(request, pk)
        if not may(access.standing):
            raise PermissionDenied
        return view(request, access, **kwargs)

    return wrapped
