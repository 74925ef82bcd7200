"""Papers that wait to be completed by a worker."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from papers.models import Completion, Paper

# Who takes papers has so long for them; after a kill they are taken again.
LEASE = timedelta(minutes=10)


def ask_for(ids: Iterable[int]) -> int:
    """Put papers into the queue, in the transaction that is running; returns how many."""
    from papers.tasks import complete_waiting  # which takes papers from here

    if settings.ENRICH == "off":
        return 0
    number = 0
    with transaction.atomic():
        for batch in batched(ids, 500):
            number += _put(batch)
        if number:
            complete_waiting.enqueue()
    return number


def _put(ids: Sequence[int]) -> int:
    now = timezone.now()
    standing = Paper.objects.filter(pk__in=ids, merged_into=None)
    rows = [Completion(paper_id=pk, asked_at=now) for pk in standing.values_list("pk", flat=True)]
    Completion.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["paper"],
        update_fields=["state", "asked_at", "tries", "next_try_at"],
    )
    return len(rows)


def take(number: int) -> list[int]:
    """Papers whose turn it is; nobody else takes them meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        due = Completion.objects.due(now).select_for_update(skip_locked=True, of=("self",))
        rows = list(due[:number])
        ids = [row.pk for row in rows]
        Completion.objects.filter(pk__in=ids).update(next_try_at=now + LEASE)
    return [row.paper_id for row in rows]


def when_wanted(sender: object, papers: Iterable[int], **kwargs: object) -> None:
    """Receives `papers.signals.paper_wants_completion`."""
    ask_for(papers)
