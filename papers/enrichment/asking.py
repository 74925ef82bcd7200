"""Who may have papers completed, how often, and what they are told of it."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from api.throttling import RateState, count
from papers.enrichment.queue import LEASE
from papers.enrichment.runs import identities_of
from papers.models import Completion, Paper
from papers.tasks import complete_paper

AN_HOUR = 60  # of one account, on pages and over the API together


class CannotAsk(Exception):
    """There is nobody to ask about this paper; the message says why."""


def one_more_of(user: Any) -> RateState:
    """Counts; too many are `is_over`."""
    return count(f"enrich:user:{user.pk}", AN_HOUR, 3600)


def ask_about(paper: Paper) -> Completion:
    """Have a worker complete it as soon as one is free."""
    if settings.ENRICH == "off":
        raise CannotAsk("This site asks no other services about papers.")
    if not identities_of([paper.pk]):
        raise CannotAsk("It has neither an arXiv id nor a DOI to ask with.")
    now = timezone.now()
    values = {"state": Completion.State.WAITING, "asked_at": now, "next_try_at": now + LEASE}
    with transaction.atomic():
        completion, _ = Completion.objects.update_or_create(paper=paper, defaults=values)
        complete_paper.enqueue(paper.pk)
    completion.refresh_from_db()
    return completion
