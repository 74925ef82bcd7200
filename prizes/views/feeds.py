"""Deadlines for programs that look again by themselves: calendars and feed readers."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from api.conditional import answer_conditionally
from api.resources import DATA_POLICY
from markup.feeds import Feed, write_atom, write_json_feed
from prizes.calendar import MEDIA_TYPE, EmptyCalendarError
from prizes.calendar.feed import calendar_of, why_empty
from prizes.chosen import ChoiceError, Chosen
from prizes.feeds import ATOM, JSON_FEED, feed_of
from prizes.models import Deadline
from prizes.standing import standing_prize

FEEDS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "atom": (ATOM, write_atom),
    "json": (JSON_FEED, write_json_feed),
}
ENDINGS = {"text/calendar": "ics", ATOM: "atom", JSON_FEED: "json"}


@require_safe
def deadlines_face(request: HttpRequest, ending: str) -> HttpResponse:
    """What /deadlines/ shows for the same query string, whole."""
    return _answer(request, ending, "/deadlines", "deadlines")


@require_safe
def prize_face(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    prize = standing_prize(slug, request.user)
    if prize.slug != slug:
        query = request.META.get("QUERY_STRING")
        address = f"/prizes/{prize.slug}.{ending}"
        return redirect(f"{address}?{query}" if query else address, permanent=True)
    deadlines = Deadline.objects.filter(prize=prize)
    return _answer(request, ending, f"/prizes/{slug}", slug, deadlines, prize.name)


@require_safe
def deadline_calendar(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One deadline alone, to put into a calendar."""
    deadline = get_object_or_404(
        Deadline.objects.visible_to(request.user).select_related("prize"), pk=pk
    )
    among = Deadline.objects.filter(pk=pk)
    page = deadline.prize.get_absolute_url()
    return _answer(
        request, "ics", f"/deadlines/{pk}", str(pk), among, deadline.prize.name, page=page
    )


def _answer(
    request: HttpRequest,
    ending: str,
    path: str,
    filename: str,
    among: QuerySet[Deadline] | None = None,
    name: str = "",
    *,
    page: str = "",
) -> HttpResponse:
    page = page or f"{path}/"
    try:
        chosen = Chosen.by(request, among)
        if ending == "ics":
            body, media_type = calendar_of(chosen, f"{path}.ics", page, name), MEDIA_TYPE
        else:
            media_type, write = FEEDS[ending]
            others = {kind: f"{path}.{end}" for kind, end in ENDINGS.items() if end != ending}
            body = write(feed_of(chosen, f"{path}.{ending}", page, others, name))
    except ChoiceError as error:
        return plain(400, [f"{name}: {found[0][1]}" for name, found in error.mistakes.items()])
    except EmptyCalendarError:
        return plain(404, [why_empty(chosen)])
    return file_answer(request, body, media_type, f"{filename}.{ending}")


def file_answer(request: HttpRequest, body: bytes, media_type: str, filename: str) -> HttpResponse:
    """A file that is asked for again and again, and costs nothing while nothing changed."""
    response = HttpResponse(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Content-Security-Policy"] = DATA_POLICY
    is_known = request.user.is_authenticated
    response.headers["Cache-Control"] = "private, no-cache" if is_known else "no-cache"
    return answer_conditionally(request, response, weak=False)


def plain(status: int, lines: list[str]) -> HttpResponse:
    """A mistake, in words for whoever looks into the log of their calendar."""
    text = "\n".join(lines).replace("\x00", "") + "\n"
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
