"""Share links of a list, for its owner alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from readinglists.access import Access, by_owner
from readinglists.editing.writing import Refused
from readinglists.models import ShareLink
from readinglists.naming import shared_path
from readinglists.sharing import links
from readinglists.sharing.forms import LinkChangeForm, LinkForm

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@by_owner
@sensitive_variables("secret")
def links_page(request: HttpRequest, access: Access) -> HttpResponse:
    form = LinkForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return shown(request, access, form=form)
    said = form.cleaned_data
    try:
        made, secret = links.make_link(
            access.reading_list.pk,
            request.user,
            said["name"],
            said["allows"],
            form.expires_at(),
            request_id=said["request_id"],
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return shown(request, access, form=form)
    return once(request, access, made, secret)


def shown(request: HttpRequest, access: Access, **more: Any) -> HttpResponse:
    all_links = ShareLink.objects.filter(reading_list=access.reading_list)
    working = set(
        links.working_links().filter(reading_list=access.reading_list).values_list("pk", flat=True)
    )
    rows = list(all_links[:SHOWN])
    for row in rows:
        row.works = row.pk in working
    context = {
        "access": access,
        "reading_list": access.reading_list,
        "links": sorted(rows, key=lambda row: not row.works),
        "form": LinkForm(),
        "now": timezone.now(),
    }
    return render(request, "readinglists/links.html", {**context, **more})


@sensitive_variables("secret", "url")
def once(request: HttpRequest, access: Access, link: ShareLink, secret: str) -> HttpResponse:
    """The one answer in which a link's address stands; what is sent again gets it no more."""
    if not secret:
        messages.info(
            request,
            f"The address of “{link.name}” was shown once. Make a new address if it is lost.",
        )
        return to_links(access)
    url = settings.SITE_URL + shared_path(secret)
    response = shown(request, access, made=link, url=url)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@by_owner
def change(request: HttpRequest, access: Access, link: UUID) -> HttpResponse:
    held = require_link(access, link)
    form = LinkChangeForm(request.POST or None, initial={"name": held.name})
    if request.method == "POST" and form.is_valid():
        try:
            links.change_link(access.reading_list.pk, request.user, link, **form.changes())
            messages.success(request, "The link is changed; its address stays the same.")
            return to_links(access)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"access": access, "reading_list": access.reading_list, "link": held, "form": form}
    return render(request, "readinglists/link.html", context)


@require_POST
@by_owner
@sensitive_variables("secret")
def rotate(request: HttpRequest, access: Access, link: UUID) -> HttpResponse:
    require_link(access, link)
    based_on = _moment(request.POST.get("based_on", ""))
    try:
        held, secret = links.rotate_link(
            access.reading_list.pk, request.user, link, based_on=based_on
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return to_links(access)
    return once(request, access, held, secret)


@require_POST
@by_owner
def revoke(request: HttpRequest, access: Access, link: UUID) -> HttpResponse:
    held = require_link(access, link)
    links.revoke_link(access.reading_list.pk, request.user, link)
    messages.success(request, f"“{held.name}” leads nowhere from now on.")
    return to_links(access)


def require_link(access: Access, link: UUID) -> ShareLink:
    """404 for a link of another list, the same as for none."""
    for held in ShareLink.objects.filter(reading_list=access.reading_list, pk=link):
        return held
    raise Http404


def to_links(access: Access) -> HttpResponse:
    return redirect("readinglists:links", access.reading_list.pk)


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
