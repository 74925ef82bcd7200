"""Filing papers under topics."""

from collections.abc import Iterable

from django.db.models import Model

from papers.models import Paper


def refile_topics(paper_ids: Iterable[int], without: Model | None = None) -> None:
    """Set each paper's topics to those of the entries that mention it, unless locked by hand.

    What stands in an issue about to go (`without`) does not count.
    """
    papers = Paper.objects.filter(pk__in=set(paper_ids)).prefetch_related("topics")
    through = Paper.topics.through
    mentions = Paper._meta.get_field("mentions").related_model.objects.filter(
        paper__in=papers.values("pk"), withdrawn_at=None, entry__withdrawn_at=None
    )
    if without is not None:
        mentions = mentions.exclude(issue=without)
    rows = mentions.values_list("paper", "entry__topic").order_by().distinct()
    wanted: dict[int, set[int]] = {}
    for paper_id, topic_id in rows:
        if topic_id is not None:
            wanted.setdefault(paper_id, set()).add(topic_id)
    for paper in papers:
        have = {topic.pk for topic in paper.topics.all()}
        want = wanted.get(paper.pk, set())
        if have == want or "topics" in paper.locked_fields:
            continue
        through.objects.filter(paper=paper, topic__in=have - want).delete()
        through.objects.bulk_create(
            through(paper=paper, topic_id=topic) for topic in sorted(want - have)
        )
