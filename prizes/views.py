"""Pages of prizes and deadlines."""

from datetime import UTC, datetime, time

from django.db.models import F, Min, OuterRef, Subquery
from django.forms import DateInput, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from api.keyset import Key, Ordering
from api.listing import listing_of, offer_choices
from markup.urls import clean_url
from newsletter.models import Issue
from papers.models import Topic
from prizes.as_of import AsOf, AsOfError, deadlines_as_of, prizes_as_of, without_deadline
from prizes.board import (
    HEAVY,
    Row,
    complete_prizes,
    told_announcements,
    with_board,
    with_history,
)
from prizes.filters import DeadlineFilter, PrizeFilter
from prizes.models import Announcement
from prizes.money import with_pool
from prizes.places import ORDER, Place, placed
from prizes.standing import standing_prize

LATEST_TOLD_FIRST = Ordering.read("-told", {"told": Key("told_at", nullable=True)}, Key("pk"))
PRIZE_FILTERS = ("kind", "status", "topic", "organiser", "currency", "min_amount", "as_of")
DEADLINE_FILTERS = ("as_of", "status", "kind", "topic", "after", "before")
HISTORY_SHOWN = 200
WITHOUT_DEADLINE_SHOWN = 30


@require_safe
def prize_list(request: HttpRequest) -> HttpResponse:
    user = request.user
    as_of, error = read_as_of(request)
    told = Announcement.objects.visible_to(user).filter(prize=OuterRef("pk")).order_by()
    told = told.values("prize").annotate(first=Min("announced_at")).values("first")
    prizes = with_pool(prizes_as_of(as_of, user), as_of).annotate(told_at=Subquery(told))
    filterset = PrizeFilter(request.GET, with_board(prizes, as_of, user), request=request)
    offer_topics(filterset.form, user)
    offer_calendar(filterset.form, error)
    listing = listing_of(request, filterset, LATEST_TOLD_FIRST, shown=PRIZE_FILTERS)
    complete_prizes(listing.rows, as_of, user)
    context = {"listing": listing, "as_of": as_of, "today": as_of.day}
    return render(request, "prizes/list.html", context, status=listing.status)


def read_as_of(request: HttpRequest) -> tuple[AsOf, str | None]:
    """The instant asked for; or now, and what is wrong with the one asked for."""
    text = request.GET.get("as_of", "").strip()
    try:
        return (AsOf.read(text) if text else AsOf.now()), None
    except AsOfError as error:
        return AsOf.now(), str(error)


def offer_topics(form: Form, user) -> None:
    offer_choices(form, "topic", Topic.objects.visible_to(user).values_list("slug", "name"))


def offer_calendar(form: Form, error: str | None) -> None:
    """A calendar to choose from; what cannot stand in one is kept as it was typed."""
    text = form.data.get("as_of", "")
    if not error and len(text) in (0, len("2022-09-26")):
        latest = AsOf.now().day
        form.fields["as_of"].widget = DateInput({"type": "date", "max": latest})


@require_safe
def prize_detail(request: HttpRequest, slug: str) -> HttpResponse:
    as_of, user = AsOf.now(), request.user
    prize = with_pool(prizes_as_of(as_of, user), as_of).filter(slug=slug).first()
    if prize is None:
        return redirect(standing_prize(slug, user), permanent=True)
    deadlines = with_history(deadlines_as_of(as_of, user).filter(prize=prize), user)
    deadlines = deadlines.order_by(F("stated_earliest").asc(nulls_last=True), "pk")
    history = (
        told_announcements(user)
        .filter(prize=prize)
        .select_related("deadline", "award", "entry", "issue__publication")
    )
    mentions = prize.mentions.visible_to(user).select_related("entry", "issue__publication")
    texts = [f"issue__{name}" for name in HEAVY] + ["entry__html", "entry__markdown"]
    mentions = mentions.defer(*texts).order_by("-issue__published_at", "pk")[:HISTORY_SHOWN]
    rows = [Row(deadline, as_of) for deadline in deadlines]
    prize.next_date = next(
        (row.stated for row in rows if row.deadline.pk == prize.next_deadline_id), None
    )
    context = {
        "prize": prize,
        "website": clean_url(prize.website or ""),
        "rows": rows,
        "awards": prize.awards.order_by("position", "pk"),
        "history": history.order_by("-announced_at", "-recorded_at", "pk")[:HISTORY_SHOWN],
        "mentions": mentions,
        "issues": {mention.issue.pk: mention.issue for mention in mentions}.values(),
        "today": as_of.day,
    }
    return render(request, "prizes/detail.html", context)


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
