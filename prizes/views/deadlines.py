"""The deadline view."""

from datetime import UTC, datetime, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api.listing import listing_of
from newsletter.models import Issue
from prizes.as_of import AsOf, deadlines_as_of, without_deadline
from prizes.board import Row, with_history
from prizes.filters import DeadlineFilter
from prizes.models import Announcement
from prizes.money import with_pool
from prizes.places import ORDER, Place, placed
from prizes.views.looking_back import offer_calendar, offer_topics, read_as_of

DEADLINE_FILTERS = ("as_of", "status", "kind", "topic", "after", "before")
WITHOUT_DEADLINE_SHOWN = 30


@require_safe
def deadline_list(request: HttpRequest) -> HttpResponse:
    as_of, error = read_as_of(request)
    deadlines = placed(deadlines_as_of(as_of, request.user), as_of)
    deadlines = with_history(deadlines, request.user)
    filterset = DeadlineFilter(request.GET, deadlines, request=request)
    offer_topics(filterset.form, request.user)
    offer_calendar(filterset.form, error)
    listing = listing_of(request, filterset, ORDER, shown=DEADLINE_FILTERS)
    rows = listing.rows = [Row(deadline, as_of) for deadline in listing.rows]
    is_narrowed = any(each.name != "as_of" for each in listing.active)
    is_all = not (is_narrowed or listing.is_invalid or listing.newer)
    nothing_ahead = is_all and not (rows and rows[0].place == Place.AHEAD)
    # Where no page follows: else they would stand between one page and the next.
    has_rest = is_all and not as_of.is_now and not listing.older
    rest = (
        list(with_pool(without_deadline(as_of, request.user), as_of)[: WITHOUT_DEADLINE_SHOWN + 1])
        if has_rest
        else []
    )
    context = {
        "listing": listing,
        "as_of": as_of,
        "as_of_error": error,
        "is_narrowed": is_narrowed,
        "nothing_ahead": nothing_ahead,
        "has_rolling": bool(listing.older) or any(row.place == Place.ROLLING for row in rows),
        "today": as_of.day,
        "issue_of_day": None if as_of.is_now else issue_of_day(rows, as_of),
        "latest": latest_open(rows) if nothing_ahead else None,
        "without_deadline": rest[:WITHOUT_DEADLINE_SHOWN],
        "has_more_without": len(rest) > WITHOUT_DEADLINE_SHOWN,
    }
    return render(request, "prizes/deadlines.html", context, status=listing.status)


def issue_of_day(rows: list[Row], as_of: AsOf) -> Issue | None:
    """The issue that appeared on the day looked back to, if it states one of these dates."""
    issues = (row.announcement.issue for row in rows if row.announcement)
    return next(
        (i for i in issues if i and i.published_at and i.published_at.date() == as_of.day), None
    )


def latest_open(rows: list[Row]) -> Announcement | None:
    """Of dates that are past, the latest first, the first that was told before it was over."""
    past = (row for row in rows if row.place == Place.PAST and row.announcement)
    return next(
        (row.announcement for row in past if _end_of_day(row) < row.deadline.stated_latest), None
    )


def _end_of_day(row: Row) -> datetime:
    return datetime.combine(row.announcement.announced_at.astimezone(UTC).date(), time.max, UTC)


def latest_with_deadlines(as_of: AsOf, user) -> Issue | None:
    """The last issue up to that day which stated a date."""
    told = Announcement.objects.visible_to(user).known_by(as_of.instant)
    told = told.filter(deadline__isnull=False, earliest_utc__isnull=False)
    issues = Issue.objects.visible_to(user).filter(pk__in=told.values("issue"))
    return issues.only("title", "slug", "published_at").order_by("-published_at").first()
