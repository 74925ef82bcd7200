"""Items of a page with what they are, as far as their reader may see it, in one query."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import JSONObject

from newsletter.models import Entry
from papers.models import Paper
from papers.models.works import first_authors
from prizes.models import Prize
from readinglists.models import Item, ReadingState

# Of a paper so much is not read for its row.
UNREAD = ("abstract", "sources", "locked_fields", "alternative_titles")


def with_targets(items: QuerySet[Item], user: Any) -> QuerySet[Item]:
    """With `sees_paper` beside `paper`, `entry_shown` and `prize_shown` (none of what is not to be
    seen), and `own_state`, in which the paper is for this reader."""
    papers = Paper.objects.visible_to(user).filter(pk=OuterRef("paper"))
    entries = Entry.objects.visible_to(user).filter(pk=OuterRef("entry")).order_by()
    prizes = Prize.objects.visible_to(user).filter(pk=OuterRef("prize")).order_by()
    entry = JSONObject(title="headline", issue="issue__slug", anchor="anchor")
    state: Any = Value(None, TextField(null=True))
    if user.is_authenticated:
        own = ReadingState.objects.filter(user=user, paper=OuterRef("paper"))
        state = Subquery(own.values("state"))
    return (
        items.select_related("paper")
        .defer(*(f"paper__{name}" for name in UNREAD))
        .prefetch_related(first_authors("paper__"))
        .annotate(
            sees_paper=Exists(papers),
            entry_shown=Subquery(entries.values(shown=entry)),
            prize_shown=Subquery(prizes.values(shown=JSONObject(title="name", slug="slug"))),
            own_state=state,
        )
    )


def how_many(items: QuerySet[Item]) -> Subquery:
    """Of one list, for a query of some of them."""
    counted = items.order_by().values("reading_list").annotate(number=Count("pk"))
    return Subquery(counted.values("number"))
