"""The list of prizes, and a prize."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import F, Min, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from api.keyset import Key, Ordering
from api.listing import listing_of
from markup.urls import clean_url
from prizes.as_of import AsOf, deadlines_as_of, prizes_as_of
from prizes.board import (
    HEAVY,
    Row,
    complete_prizes,
    told_announcements,
    with_board,
    with_history,
)
from prizes.calendar import is_placeable, subscription
from prizes.filters import PrizeFilter
from prizes.models import Announcement, PrizeMention, Tracking
from prizes.money import with_pool
from prizes.retelling import standing
from prizes.standing import standing_prize
from prizes.structured import json_ld
from prizes.views.looking_back import offer_calendar, offer_topics, read_as_of

LATEST_TOLD_FIRST = Ordering.read("-told", {"told": Key("told_at", nullable=True)}, Key("pk"))
PRIZE_FILTERS = ("kind", "status", "topic", "organiser", "currency", "min_amount", "as_of")
HISTORY_SHOWN = 200


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


@require_safe
def prize_detail(request: HttpRequest, slug: str) -> HttpResponse:
    as_of, user = AsOf.now(), request.user
    prize = with_pool(prizes_as_of(as_of, user), as_of).filter(slug=slug).first()
    if prize is None:
        return redirect(standing_prize(slug, user), permanent=True)
    deadlines = with_history(deadlines_as_of(as_of, user).filter(prize=prize), user)
    deadlines = deadlines.order_by(F("stated_earliest").asc(nulls_last=True), "pk")
    told = told_announcements(user).filter(prize=prize).select_related("deadline", "award")
    told = list(told.select_related("entry", "issue__publication"))
    mentions = prize.mentions.visible_to(user).select_related("entry", "issue__publication")
    texts = [f"issue__{name}" for name in HEAVY] + ["entry__html", "entry__markdown"]
    mentions = mentions.defer(*texts).order_by("-issue__published_at", "pk")[:HISTORY_SHOWN]
    rows = [Row(deadline, as_of) for deadline in deadlines]
    prize.next_date = next(
        (row.stated for row in rows if row.deadline.pk == prize.next_deadline_id), None
    )
    # What was told of dates stands in the ledger of each.
    shown = {row.deadline.pk for row in rows}
    history = [each for each in reversed(told) if each.deadline_id not in shown]
    awards = list(prize.awards.order_by("position", "pk"))
    for award in awards:
        award.said = evidence_of(a for a in told if a.award_id == award.pk)
    of_the_whole = [a for a in told if a.deadline_id is None and a.award_id is None]
    path = prize.get_absolute_url().rstrip("/")
    context = {
        "prize": prize,
        "json_ld": json_ld(prize, rows, awards),
        "subscription": subscription(f"{settings.SITE_URL}{path}.ics", prize.name),
        "feed": {"title": prize.name, "atom": f"{path}.atom", "json": f"{path}.json"},
        "download": f"{path}.ics",
        "has_calendar": any(is_placeable(row.stated) for row in rows),
        "website": clean_url(prize.website or ""),
        "rows": rows,
        "as_of": as_of,
        "awards": awards,
        "pool_said": evidence_of(of_the_whole),
        "stop": next((a for a in standing(of_the_whole) if a.change == prize.status), None),
        "history": history[:HISTORY_SHOWN],
        "mentions": mentions,
        "issues": {mention.issue.pk: mention.issue for mention in mentions}.values(),
        "today": as_of.day,
        "outcomes": prize.outcomes.visible_to(user).select_related("award", "entry", "issue"),
        "follow_ups": later_mentions(mentions, rows, as_of),
        "tracking": Tracking.objects.visible_to(user).filter(prize=prize).first(),
        "stages": Tracking.Stage.choices,
    }
    return render(request, "prizes/detail.html", context)


def evidence_of(about: Iterable[Announcement]) -> Announcement | None:
    """The sentence that says the amount which stands, if anybody was quoted with it."""
    stating = standing([a for a in about if a.amount is not None])
    return stating[-1] if stating and stating[-1].quote else None


def later_mentions(mentions: Iterable[PrizeMention], rows: Iterable[Row], as_of: AsOf) -> list:
    """Where issues speak of it after its last date had passed: what came of it may stand there."""
    ends = [row.stated.latest_utc for row in rows if row.stated and row.stated.latest_utc]
    if not ends or max(ends) > as_of.instant:
        return []
    return [m for m in mentions if m.issue.published_at and m.issue.published_at > max(ends)]
