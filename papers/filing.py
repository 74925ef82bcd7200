"""Filing papers under topics."""

from collections.abc import Iterable

from papers.models import Paper


def refile_topics(paper_ids: Iterable[int]) -> None:
    """Set each paper's topics to those of the entries that mention it, unless locked by hand."""
    papers = Paper.objects.filter(pk__in=set(paper_ids)).prefetch_related("topics")
    through = Paper.topics.through
    rows = papers.filter(
        mentions__withdrawn_at=None, mentions__entry__withdrawn_at=None
    ).values_list("pk", "mentions__entry__topic")
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
