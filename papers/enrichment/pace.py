"""Turns at a service: how often all processes together ask it, and how long they leave it alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from papers.enrichment.errors import Unavailable
from papers.enrichment.hosts import Service, interval_of
from papers.models import ServicePace

PATIENCE = timedelta(seconds=60)  # who has to wait longer comes back later
FIRST_PAUSE = 5  # seconds after a failure, doubled with each one that follows
LONGEST_PAUSE = 3600
LONGEST_RETRY_AFTER = 24 * 3600


@dataclass(frozen=True, slots=True)
class Turn:
    starts_at: datetime
    reserved_until: datetime

    @property
    def seconds_to_wait(self) -> float:
        return max(0.0, (self.starts_at - timezone.now()).total_seconds())


def take_turn(service: Service, longest: float) -> Turn:
    """Reserve the next turn, for a request that takes at most so many seconds.

    Inside a transaction this fails: no request is ever made while rows are locked.
    """
    now = timezone.now()
    with transaction.atomic(durable=True):
        pace = _locked(service, now)
        starts_at = max(now, pace.next_allowed_at)
        if starts_at - now > PATIENCE:
            raise Unavailable(f"{service.label} is to be left alone for now", starts_at)
        busy = longest if service.one_at_a_time else 0.0
        pace.next_allowed_at = starts_at + timedelta(seconds=busy + interval_of(service))
        pace.save()
    return Turn(starts_at, pace.next_allowed_at)


def end_turn(service: Service, turn: Turn) -> None:
    """After a proper answer: the next one need not wait for what was reserved at most."""
    own = ServicePace.objects.filter(service=service.name, next_allowed_at=turn.reserved_until)
    own.update(next_allowed_at=turn.starts_at + timedelta(seconds=interval_of(service)), failures=0)


def leave_alone(service: Service, retry_after: float | None = None) -> datetime:
    """After a failure: nobody asks before the time returned."""
    now = timezone.now()
    with transaction.atomic():
        pace = _locked(service, now)
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(pace.failures, 16))
        if retry_after is not None:
            pause = max(0, min(retry_after, LONGEST_RETRY_AFTER))
        pace.failures += 1
        pace.next_allowed_at = now + timedelta(seconds=max(pause, interval_of(service)))
        pace.save()
    return pace.next_allowed_at


def _locked(service: Service, now: datetime) -> ServicePace:
    paces = ServicePace.objects.select_for_update()
    pace, _ = paces.get_or_create(service=service.name, defaults={"next_allowed_at": now})
    return pace
