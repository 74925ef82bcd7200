"""Background tasks about papers. All of them may be repeated and cut short."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.tasks import task
from django.utils import timezone

from papers.duplicates import look_at_unread
from papers.enrichment.queue import ask_for, take
from papers.enrichment.runs import LAST_WEEK, RECENT, complete_papers, not_looked_up_since
from papers.models import Completion

logger = logging.getLogger(__name__)

SECONDS = 45  # of work before others get their turn
AT_ONCE = 20
LOOKED_UP_AGAIN = timedelta(days=90)  # for retractions, and versions published meanwhile
A_NIGHT = 500


@task
def complete_paper(paper: int) -> str | None:
    """For somebody who waits for it; returns the outcome."""
    if settings.ENRICH == "off":
        return None
    return next((r.outcome for r in complete_papers([paper], max_age=RECENT)), None)


@task(priority=-10)
def complete_waiting() -> int:
    """Complete those that wait, for a while; then the rest, behind what else is to be done."""
    if settings.ENRICH == "off":
        return 0
    done, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        papers = take(AT_ONCE)
        if not papers:
            return done
        for result in complete_papers(papers, max_age=LAST_WEEK):
            done += 1
            logger.info("Paper %d: %s", result.paper, result.outcome)
    if Completion.objects.due().exists():
        complete_waiting.enqueue()
    return done


@task(priority=-20)
def look_again() -> int:
    """Each night some papers that were not looked up for long, if the site wants that."""
    if settings.ENRICH != "nightly":
        return 0
    papers = not_looked_up_since(timezone.now() - LOOKED_UP_AGAIN)
    return ask_for(papers.values_list("pk", flat=True)[:A_NIGHT])


@task(priority=-50)
def suggest_duplicates() -> None:
    """Look for twins of papers that came in without being looked at."""
    look_at_unread()
