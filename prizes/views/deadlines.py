"""The deadline view: one query as a list, a month or a time line, today or on any past day."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from api.filters import ChoiceFilter, Filter
from api.listing import listing_of, offer_choices
from newsletter.models import Issue
from prizes.as_of import AsOf, deadlines_as_of, without_deadline
from prizes.board import Row, with_history
from prizes.calendar import subscription
from prizes.chosen import Chosen
from prizes.filters import DeadlineFilter
from prizes.models import Announcement
from prizes.money import with_pool
from prizes.money_chart import money_charts
from prizes.money_open import course_of_money, money_of, open_money
from prizes.month import MOST_SHOWN, WEEK, Month, MonthView, month_view
from prizes.places import ORDER, Place, placed
from prizes.timeline import timeline_of
from prizes.views.looking_back import offer_calendar, read_as_of
from prizes.views.slider import Choices, MarkedIssue, Slider, day_numbered
from prizes.zones import ZoneFilter, zone_called

DEADLINE_FILTERS = (
    *("q", "as_of", "status", "closing", "kind", "topic", "organiser"),
    *("min_amount", "currency", "after", "before", "tz"),
)
VIEWS = {"list": "List", "month": "Month", "timeline": "Time line"}
WITHOUT_DEADLINE_SHOWN = 30
# Of the page's own parameters, those that choose no rows.
SHOWS = {"view", "month", "tz"}


class MonthField(forms.CharField):
    def clean(self, value: str | None) -> str:
        text = super().clean(value)
        if text:
            try:
                Month.read(text)
            except ValueError:
                message = "Enter a month such as 2022-09."
                raise ValidationError(message, code="invalid") from None
        return text


class MonthFilter(Filter):
    field_class = MonthField

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset


class DeadlinePageFilter(DeadlineFilter):
    """With what only the page knows: how the same deadlines are shown."""

    view = ChoiceFilter(choices=list(VIEWS.items()), method="filter_nothing")
    month = MonthFilter()
    tz = ZoneFilter(label="Times in zone")

    def filter_nothing(self, deadlines: QuerySet, name: str, value: str) -> QuerySet:
        return deadlines


@require_safe
def deadline_list(request: HttpRequest) -> HttpResponse:
    if (ordinal := request.GET.get("as_of_day")) is not None:
        return redirect(_address(request, as_of_day=None, as_of=day_numbered(ordinal), cursor=None))
    with shown_in_zone(request):
        return _page(request)


@contextmanager
def shown_in_zone(request: HttpRequest) -> Iterator[None]:
    """In the zone of the address; else in the reader's own, which middleware has set."""
    zone = zone_called(request.GET.get("tz"))
    with timezone.override(zone or timezone.get_current_timezone()):
        yield


def _page(request: HttpRequest) -> HttpResponse:
    user = request.user
    as_of, error = read_as_of(request)
    deadlines = with_history(placed(deadlines_as_of(as_of, user), as_of), user)
    filterset = DeadlinePageFilter(request.GET, deadlines, request=request)
    choices = Choices.of(user)
    offer_choices(filterset.form, "topic", choices.topics)
    offer_calendar(filterset.form, error)
    filterset.form.fields["tz"].widget.attrs["placeholder"] = "Europe/Berlin"
    filterset.form.fields["view"].widget = HiddenInput()
    listing = listing_of(request, filterset, ORDER, shown=DEADLINE_FILTERS)
    listing.active = [each for each in listing.active if each.name not in SHOWS - {"tz"}]
    view = "" if listing.is_invalid else request.GET.get("view") or "list"
    rows = listing.rows = [Row(deadline, as_of) for deadline in listing.rows]
    is_narrowed = any(each.name not in {"as_of", "tz"} for each in listing.active)
    is_all = not (is_narrowed or listing.is_invalid or listing.newer)
    nothing_ahead = is_all and not (rows and rows[0].place == Place.AHEAD)
    issues = choices.issues
    rest: Sequence[Any] = ()
    # Where no page follows: else they would stand between one page and the next.
    if is_all and not as_of.is_now and not listing.older and view == "list":
        rest = with_pool(without_deadline(as_of, user), as_of)[: WITHOUT_DEADLINE_SHOWN + 1]
    context = {
        "listing": listing,
        "as_of": as_of,
        "as_of_error": error,
        "today": as_of.day,
        "is_narrowed": is_narrowed,
        "nothing_ahead": nothing_ahead,
        "has_rolling": bool(listing.older) or any(row.place == Place.ROLLING for row in rows),
        "issue_of_day": None if as_of.is_now else issue_of_day(issues, as_of),
        "latest": latest_open(rows) if nothing_ahead else None,
        "without_deadline": list(rest)[:WITHOUT_DEADLINE_SHOWN],
        "has_more_without": len(rest) > WITHOUT_DEADLINE_SHOWN,
        "view": view,
        "views": _views(request, view),
        "zone": timezone.get_current_timezone_name(),
        "slider": Slider.of(issues, as_of),
        "open_money": money_of(rows) if is_all and not listing.older else None,
        **_faces(request),
    }
    if view == "timeline":
        context["timeline"] = timeline_of(rows, as_of, issues)
    if view == "month":
        chosen = filterset.qs
        month = request.GET.get("month")
        shown = Month.read(month) if month else month_to_show(rows, as_of)
        context["month"] = _month(chosen, shown, as_of)
        context["weekdays"] = [(name, name[:2]) for name in WEEK]
        for name in ("before", "after"):
            step = getattr(shown, name)
            context[f"month_{name}"] = step and (step.first, _address(request, month=str(step)))
    return render(request, "prizes/deadlines.html", context, status=listing.status)


def _views(request: HttpRequest, current: str) -> list[tuple[str, str, bool]]:
    """The label of each, its address, and whether it is the one shown."""
    return [
        (label, _address(request, view=None if name == "list" else name), name == current)
        for name, label in VIEWS.items()
    ]


def _faces(request: HttpRequest) -> dict[str, Any]:
    """The same deadlines for calendars, feed readers and programs."""
    known = DeadlineFilter.known()
    query = {name: request.GET[name] for name in sorted(known) if request.GET.get(name)}
    chosen = Chosen((), AsOf.now(), query)
    text = f"?{urlencode(query)}" if query else ""
    link = subscription(chosen.address("/deadlines.ics"), "Deadlines")
    return {
        "subscription": link,
        "feed": {
            "title": "Deadlines",
            "atom": f"/deadlines.atom{text}",
            "json": f"/deadlines.json{text}",
        },
        "download": f"/deadlines.ics{text}",
        "exports": [
            (label, f"/api/v1/deadlines/?{urlencode({**query, 'format': kind})}")
            for label, kind in (("CSV", "csv"), ("JSON", "json"))
        ],
    }


def _address(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


@require_safe
def money_list(request: HttpRequest) -> HttpResponse:
    """How much was open on a day, and how that came about."""
    if (ordinal := request.GET.get("as_of_day")) is not None:
        return redirect(_address(request, as_of_day=None, as_of=day_numbered(ordinal)))
    as_of, error = read_as_of(request)
    now = AsOf.now().instant
    context = {
        "as_of": as_of,
        "as_of_error": error,
        "open": open_money(as_of, request.user),
        "charts": money_charts(course_of_money(request.user, now), now, as_of.instant),
        "slider": Slider.of(Choices.of(request.user).issues, as_of),
    }
    return render(request, "prizes/money.html", context, status=400 if error else 200)


# --- The day looked from ------------------------------------------------------------------------
def issue_of_day(issues: Sequence[MarkedIssue], as_of: AsOf) -> MarkedIssue | None:
    """The issue that appeared on the day looked back to, if it tells of prizes."""
    return next((issue for issue in issues if issue.day == as_of.day), None)


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


# --- A month ------------------------------------------------------------------------------------
def month_to_show(rows: Sequence[Row], as_of: AsOf) -> Month:
    """That of the next deadline; with none ahead, that of the latest."""
    dated = [row.stated.date for row in rows if row.stated is not None and row.stated.date]
    return Month((dated[0] if dated else as_of.day).replace(day=1))


def _month(chosen: QuerySet, month: Month, as_of: AsOf) -> MonthView:
    found = month.among(chosen).order_by("stated_earliest", "pk")[:MOST_SHOWN]
    return month_view([Row(deadline, as_of) for deadline in found], month, as_of.day)
