"""Pages of prizes and deadlines."""

from django.db.models import F, Min, OuterRef, QuerySet, Subquery
from django.forms import DateInput
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from api.keyset import Key, Ordering
from api.listing import listing_of, offer_choices
from markup.urls import clean_url
from newsletter.models import Issue
from papers.models import Topic
from prizes.as_of import (
    AsOf,
    AsOfError,
    Statement,
    deadlines_as_of,
    prizes_as_of,
    statement_of,
    still_ahead,
    with_announcements,
)
from prizes.filters import DeadlineFilter, PrizeFilter
from prizes.models import Announcement, Deadline, Prize, PrizeAlias

LATEST_TOLD_FIRST = Ordering.read(
    "-told",
    {"told": Key("told_at", nullable=True)},
    Key("pk"),
)
SOONEST_FIRST = Ordering.read(
    "earliest", {"earliest": Key("stated_earliest", nullable=True)}, Key("pk")
)
HISTORY_SHOWN = 200
HEAVY_ISSUE = ("issue__markdown", "issue__html", "issue__source_record", "issue__extra")


@require_safe
def prize_list(request: HttpRequest) -> HttpResponse:
    as_of = AsOf.now()
    told = Announcement.objects.filter(prize=OuterRef("pk")).order_by()
    told = told.values("prize").annotate(first=Min("announced_at")).values("first")
    prizes = prizes_as_of(as_of, request.user).annotate(told_at=Subquery(told))
    prizes = prizes.prefetch_related("topics", "awards")
    filterset = PrizeFilter(request.GET, prizes, request=request)
    offer_choices(filterset.form, "topic", topics_for(request.user))
    listing = listing_of(
        request,
        filterset,
        LATEST_TOLD_FIRST,
        shown=("kind", "status", "topic", "organiser", "currency", "min_amount"),
    )
    put_next_deadlines(listing.rows, request.user)
    context = {"listing": listing, "today": as_of.day}
    return render(request, "prizes/list.html", context, status=listing.status)


def topics_for(user) -> QuerySet[Topic]:
    return Topic.objects.visible_to(user).values_list("slug", "name")


def put_next_deadlines(prizes: list[Prize], user) -> None:
    """Give each prize its `next_deadline` and `largest_award`, in one query for all."""
    wanted = [prize.next_deadline_id for prize in prizes if prize.next_deadline_id]
    found = Deadline.objects.visible_to(user).in_bulk(wanted)
    for prize in prizes:
        prize.next_deadline = found.get(prize.next_deadline_id)
        awards = [award for award in prize.awards.all() if award.amount is not None]
        prize.largest_award = max(
            awards, key=lambda award: award.amount_max or award.amount, default=None
        )


class Row:
    """A deadline as a page shows it."""

    def __init__(self, deadline: Deadline, as_of: AsOf) -> None:
        said: Statement = statement_of(deadline, as_of)
        self.deadline = deadline
        self.stated = said.stated
        self.announcement = said.announcement
        self.conflicting = said.conflicting


def standing_prize(slug: str, user) -> Prize:
    """What a former address leads to: a prize renamed, or merged into another."""
    prize = Prize.objects.filter(slug=slug).select_related("merged_into").first()
    if prize is None:
        prize = get_object_or_404(PrizeAlias.objects.select_related("prize"), slug=slug).prize
    for _ in range(10):
        if prize.merged_into is None:
            return get_object_or_404(Prize.objects.visible_to(user), pk=prize.pk)
        prize = prize.merged_into
    raise Http404("Merged in a circle.")


@require_safe
def prize_detail(request: HttpRequest, slug: str) -> HttpResponse:
    as_of, user = AsOf.now(), request.user
    prize = prizes_as_of(as_of, user).filter(slug=slug).first()
    if prize is None:
        return redirect(standing_prize(slug, user), permanent=True)
    deadlines = with_announcements(deadlines_as_of(as_of, user).filter(prize=prize), as_of, user)
    deadlines = list(deadlines.order_by(F("stated_earliest").asc(nulls_last=True), "pk"))
    history = prize.announcements.visible_to(user).select_related(
        "deadline", "award", "entry", "issue__publication"
    )
    history = history.defer("entry__html", "entry__markdown", *HEAVY_ISSUE)
    history = list(history.order_by("-announced_at", "-recorded_at", "pk")[:HISTORY_SHOWN])
    mentions = prize.mentions.visible_to(user).select_related("entry", "issue__publication")
    mentions = mentions.defer("entry__html", "entry__markdown", *HEAVY_ISSUE)
    mentions = list(mentions.order_by("-issue__published_at", "pk")[:HISTORY_SHOWN])
    by_id = {deadline.pk: deadline for deadline in deadlines}
    prize.next_deadline = by_id.get(prize.next_deadline_id)
    context = {
        "prize": prize,
        "website": clean_url(prize.website or ""),
        "rows": [Row(deadline, as_of) for deadline in deadlines],
        "awards": prize.awards.order_by("position", "pk"),
        "history": history,
        "mentions": mentions,
        "issues": list({mention.issue.pk: mention.issue for mention in mentions}.values()),
        "today": as_of.day,
    }
    return render(request, "prizes/detail.html", context)


@require_safe
def deadline_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("as_of", "").strip()
    error = None
    try:
        as_of = AsOf.read(text) if text else AsOf.now()
    except AsOfError as mistake:
        as_of, error = AsOf.now(), str(mistake)
    filterset = DeadlineFilter(request.GET, shown_deadlines(request, as_of), request=request)
    offer_choices(filterset.form, "topic", topics_for(request.user))
    if len(text) in (0, len("2022-09-26")) and not error:
        # A calendar to choose from; what cannot stand in one is kept as it was typed.
        filterset.form.fields["as_of"].widget = DateInput({"type": "date", "max": AsOf.now().day})
    listing = listing_of(
        request, filterset, SOONEST_FIRST, shown=("as_of", "status", "kind", "topic")
    )
    listing.rows = [] if error else [Row(deadline, as_of) for deadline in listing.rows]
    context = {
        "listing": listing,
        "as_of": as_of,
        "as_of_error": error,
        "is_narrowed": any(each.name != "as_of" for each in listing.active),
        "today": as_of.day,
        "issue_of_day": None if as_of.is_now else issue_of_day(as_of, request.user),
        "latest": None if listing.rows or error else latest_with_deadlines(as_of, request.user),
    }
    status = 400 if error else listing.status
    return render(request, "prizes/deadlines.html", context, status=status)


def shown_deadlines(request: HttpRequest, as_of: AsOf) -> QuerySet[Deadline]:
    """What is still ahead, unless a status is asked for."""
    deadlines = deadlines_as_of(as_of, request.user)
    if not request.GET.get("status"):
        deadlines = still_ahead(deadlines, as_of)
    deadlines = deadlines.select_related("prize").prefetch_related("prize__topics", "prize__awards")
    return with_announcements(deadlines, as_of, request.user)


def issue_of_day(as_of: AsOf, user) -> Issue | None:
    """The issue that appeared on the day looked back to, if one did."""
    issues = Issue.objects.visible_to(user).filter(published_at__date=as_of.day)
    return issues.only("title", "slug").first()


def latest_with_deadlines(as_of: AsOf, user) -> Issue | None:
    """The last issue up to that day which stated a date."""
    told = Announcement.objects.visible_to(user).known_by(as_of.instant)
    told = told.filter(deadline__isnull=False, earliest_utc__isnull=False)
    issues = Issue.objects.visible_to(user).filter(pk__in=told.values("issue"))
    return issues.only("title", "slug", "published_at").order_by("-published_at").first()
