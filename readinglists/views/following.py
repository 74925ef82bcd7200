"""Pages of the lists somebody follows."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.returning import local_next
from api.resources import absolute
from readinglists.access import own_access
from readinglists.editing.writing import Refused
from readinglists.following.changing import follow as start_following
from readinglists.following.changing import unfollow
from readinglists.following.overview import followed_lists
from readinglists.models import Following, ReadingList


@require_safe
@login_required
def followed(request: HttpRequest) -> HttpResponse:
    return followed_page(request)


def followed_page(request: HttpRequest, **more: object) -> HttpResponse:
    lists, closed = followed_lists(request.user)
    context = {"followed": lists, "closed": closed, **more}
    return render(request, "readinglists/followed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sensitive_variables("secret")
def follow(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What `do` says: follow, unfollow, look, make-feed or end-feed. Whoever had to sign in first
    comes here by GET, and is led back to the list."""
    reading_list = own_access(request, pk).reading_list
    back = local_next(request) or reading_list.get_absolute_url()
    action = request.POST.get("do", "")
    if request.method != "POST":
        return redirect(back)
    if action == "unfollow":
        if unfollow(reading_list, request.user):
            messages.success(request, f"You do not follow “{reading_list}” any more.")
        return redirect(back)
    if action == "follow":
        return _follow(request, reading_list, back)
    following = Following.objects.visible_to(request.user).filter(reading_list=reading_list).first()
    if following is None:
        messages.error(request, "You do not follow this list.")
    elif action == "look":
        following.look(reading_list.version)
    elif action == "make-feed":
        secret = following.make_feed()
        address = absolute(reverse("readinglists:own-feed", args=[secret, "atom"]))
        return _with_secret(followed_page(request, feed_of=reading_list, feed_address=address))
    elif action == "end-feed":
        following.end_feed()
        messages.success(request, "The feed’s address leads nowhere from now on.")
    return redirect(back)


def _follow(request: HttpRequest, reading_list: ReadingList, back: str) -> HttpResponse:
    try:
        _, is_new = start_following(reading_list, request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if is_new:
            messages.success(request, f"You follow “{reading_list}”: what is new will be marked.")
    return redirect(back)


def _with_secret(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response
