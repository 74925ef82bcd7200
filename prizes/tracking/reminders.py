"""Sending what is due: each reminder is written down first, sent once, and confirmed after.

A mail cannot be taken back, and a mail server's yes cannot be had twice. So the row is committed
before the mail goes out: a process that dies in between leaves a row that says so, and the mail is
not sent again by itself. What a server refuses outright is tried again while it makes sense.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from prizes.models import MOST_DAYS, Deadline, Reminder, ReminderPlan, Tracking, default_days
from prizes.status import SUBMISSION_LIKE
from prizes.tracking.mail import message_for
from prizes.tracking.outbox import NotSent, Outbox
from prizes.tracking.schedule import due_days, zone_of

logger = logging.getLogger(__name__)

BATCH = 500
MOST_ATTEMPTS = 5
# How far back one looks for what no worker was there to send.
LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """One date that one reader is to be told of now."""

    tracking: Tracking
    deadline: Deadline
    days: int
    covered: tuple[int, ...]  # asked for earlier days too, which this one tells as well


def send_due(now: datetime | None = None) -> Counter[str]:
    """Send every reminder that is due, and say what became of them, by state."""
    now = now or timezone.now()
    outcomes: Counter[str] = Counter()
    outcomes[Reminder.State.MISSED] += note_missed(now)
    with Outbox() as outbox:
        for due in due_between(now, now + timedelta(days=MOST_DAYS + 2), now):
            reminder = _claim(due, now)
            if reminder is not None:
                outcomes[_send(reminder, outbox)] += 1
        for reminder in _refused(now):
            if _claim_again(reminder, now):
                outcomes[_send(reminder, outbox)] += 1
    return +outcomes


def note_missed(now: datetime) -> int:
    """Keep what could not be sent before it closed, and say so: nothing is lost silently."""
    late = Reminder.objects.filter(state=Reminder.State.FAILED, about__lte=now)
    missed = late.update(state=Reminder.State.MISSED)
    unsent = [
        Reminder(
            tracking=due.tracking,
            deadline=due.deadline,
            days_before=days,
            about=due.deadline.earliest_utc,
            state=Reminder.State.MISSED,
            attempts=0,
        )
        for due in due_between(now - LOOKED_BACK, now, now)
        for days in (*due.covered, due.days)
    ]
    Reminder.objects.bulk_create(unsent, batch_size=BATCH, ignore_conflicts=True)
    return missed + len(unsent)


def due_between(start: datetime, end: datetime, now: datetime) -> Iterator[Due]:
    """What is due of the dates that may be over between two instants, and was not written down
    yet; read in batches of readers."""
    dates = Deadline.objects.filter(
        kind__in=SUBMISSION_LIKE, is_cancelled=False, earliest_utc__gt=start, earliest_utc__lte=end
    )
    public = _by_prize(dates.visible_to(AnonymousUser()))
    confirmed = EmailAddress.objects.filter(user=OuterRef("user"), verified=True)
    trackings = Tracking.objects.reminded().filter(Exists(confirmed), prize__in=public)
    trackings = trackings.select_related("user", "user__reminder_plan", "prize").order_by("pk")
    last = None
    while batch := list((trackings.filter(pk__gt=last) if last else trackings)[:BATCH]):
        last = batch[-1].pk
        known = set(
            Reminder.objects.filter(tracking__in=batch).values_list(
                "tracking", "deadline", "days_before", "about"
            )
        )
        for tracking in batch:
            yield from _due_for(tracking, public[tracking.prize_id], known, now)


def _by_prize(deadlines) -> dict[int, list[Deadline]]:
    found: dict[int, list[Deadline]] = {}
    for deadline in deadlines:
        found.setdefault(deadline.prize_id, []).append(deadline)
    return found


def _due_for(tracking: Tracking, deadlines, known, now: datetime) -> Iterator[Due]:
    plan = getattr(tracking.user, "reminder_plan", None)
    if plan is not None and not plan.is_on:
        return
    days, since = days_of(tracking, plan)
    zone = zone_of(tracking.user.time_zone)
    for deadline in deadlines:
        come = [
            each
            for each in due_days(deadline, days, zone, since, min(now, deadline.earliest_utc))
            if (tracking.pk, deadline.pk, each, deadline.earliest_utc) not in known
        ]
        if come:
            yield Due(tracking, deadline, come[-1], tuple(come[:-1]))


def days_of(tracking: Tracking, plan: ReminderPlan | None) -> tuple[list[int], datetime]:
    """The days before a date that count for this prize, and since when they were asked for."""
    if tracking.days_before is not None:
        return tracking.days_before, tracking.reminding_since
    if plan is None:
        return default_days(), tracking.reminding_since
    return plan.days_before, max(plan.since, tracking.reminding_since)


def _claim(due: Due, now: datetime) -> Reminder | None:
    """Write the reminder down, for this process alone; None if another one did."""
    about = {
        "tracking": due.tracking,
        "deadline": due.deadline,
        "about": due.deadline.earliest_utc,
        "claimed_at": now,
    }
    try:
        with transaction.atomic():
            reminder = Reminder.objects.create(days_before=due.days, **about)
            Reminder.objects.bulk_create(
                Reminder(days_before=days, state=Reminder.State.COVERED, **about)
                for days in due.covered
            )
    except IntegrityError:
        return None
    return reminder


def _claim_again(reminder: Reminder, now: datetime) -> bool:
    """Take up one that was refused; False if another process has."""
    taken = Reminder.objects.filter(
        pk=reminder.pk, state=Reminder.State.FAILED, attempts=reminder.attempts
    ).update(state=Reminder.State.CLAIMED, attempts=F("attempts") + 1, claimed_at=now)
    return taken == 1


def _refused(now: datetime):
    """Refused ones that still make sense; each try waits longer than the one before."""
    refused = Reminder.objects.filter(
        state=Reminder.State.FAILED, attempts__lt=MOST_ATTEMPTS, about__gt=now
    ).select_related("tracking__user", "tracking__prize", "deadline")
    return [r for r in refused if r.claimed_at + timedelta(minutes=5 * 2**r.attempts) <= now]


def _send(reminder: Reminder, outbox: Outbox) -> str:
    """Send a claimed reminder if it may still be told; the state it ends in."""
    address = _address(reminder)
    if address is None or not _may_be_told(reminder):
        reminder.delete()  # nothing was sent, and nothing is to be
        return "dropped"
    try:
        outbox.send(message_for(reminder, address))
    except NotSent as error:
        return _settle(reminder, Reminder.State.FAILED, error=str(error)[:1000])
    except Exception as error:  # it may have gone out: a maintainer has to look
        logger.exception("Not known whether reminder %s went out", reminder.pk)
        return _settle(reminder, Reminder.State.CLAIMED, error=str(error)[:1000])
    return _settle(reminder, Reminder.State.SENT, sent_at=timezone.now(), error="")


def _settle(reminder: Reminder, state: str, **values: object) -> str:
    Reminder.objects.filter(pk=reminder.pk).update(state=state, **values)
    return state


def _address(reminder: Reminder) -> str | None:
    """Where the reader gets mail: a confirmed address only."""
    found = EmailAddress.objects.filter(user=reminder.tracking.user, verified=True)
    return found.order_by("-primary", "pk").values_list("email", flat=True).first()


def _may_be_told(reminder: Reminder) -> bool:
    """Judged when it is sent: the reader, the prize and the date are still what they were."""
    tracking = Tracking.objects.reminded().filter(pk=reminder.tracking_id)
    deadline = Deadline.objects.visible_to(reminder.tracking.user).filter(
        pk=reminder.deadline_id,
        is_cancelled=False,
        earliest_utc=reminder.about,
        earliest_utc__gt=timezone.now(),
    )
    return tracking.exists() and deadline.exists()


def send_again(reminder: Reminder) -> str:
    """A maintainer's answer to one that was claimed and never confirmed."""
    claimed_at = reminder.claimed_at
    taken = Reminder.objects.filter(
        pk=reminder.pk,
        state__in=[Reminder.State.CLAIMED, Reminder.State.FAILED],
        claimed_at=claimed_at,
    ).update(state=Reminder.State.CLAIMED, attempts=F("attempts") + 1, claimed_at=timezone.now())
    if not taken:
        return "taken"
    with Outbox() as outbox:
        return _send(reminder, outbox)
