"""Papers to read beside a paper: told of together, under one heading, or on the same lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Window

from papers.models import Authorship, Paper
from papers.models.works import paper_path, printed_date
from papers.rows import related_model
from papers.surroundings import Place, Row

SHOWN = 6
# So many lists are looked at, the latest changed, and so many papers on them.
MOST_LISTS = 50
MOST_ITEMS = 300
CONSIDERED = 40
# The most that a place says: a list says so much of two papers that stand on it alone.
WEIGHT = {"entry": 4, "list": 2, "section": 1}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a paper is related, and where to see it."""

    kind: str
    words: str
    address: str | None
    weight: float


@dataclass(frozen=True, slots=True)
class Related:
    id: int
    title: str
    first_author: str | None
    has_more_authors: bool
    published: str | None
    reason: Reason

    @property
    def address(self) -> str:
        return paper_path(self.id, self.title)


def related_to(paper: int, around: Iterable[Row], own: Sequence[Place], user) -> list[Related]:
    """The closest first, of the links around a paper and of the lists that hold it."""
    entries = {entry for entry, _ in own}
    reasons: dict[int, dict[tuple[str, Any], Reason]] = defaultdict(dict)
    for other, place, reason in [*_told_beside(around, entries), *_listed_beside(paper, user)]:
        if other != paper:
            reasons[other].setdefault((reason.kind, place), reason)
    score = {
        other: sum(reason.weight for reason in found.values()) for other, found in reasons.items()
    }
    closest = sorted(score, key=lambda other: (-score[other], -other))[:CONSIDERED]
    if not closest:
        return []
    shown = sorted(_rows(closest, user), key=lambda row: closest.index(row["id"]))
    return [_related(row, reasons[row["id"]].values()) for row in shown[:SHOWN]]


def _told_beside(around: Iterable[Row], own: set[int]) -> Iterator[tuple[int, Any, Reason]]:
    for row in around:
        if row["paper"] is None:
            continue
        issue, title = f"/issues/{row['issue__slug']}/", row["issue__title"]
        if row["entry"] in own:
            words, address = f"Mentioned together in {title}", f"{issue}#{row['entry__anchor']}"
            reason = Reason("entry", words, address, WEIGHT["entry"])
            yield row["paper"], row["entry"], reason
        else:
            words = f"Under “{row['entry__section__heading']}” in {title}"
            address = f"{issue}#{row['entry__section__anchor']}"
            reason = Reason("section", words, address, WEIGHT["section"])
            yield row["paper"], row["entry__section"], reason


def _listed_beside(paper: int, user) -> Iterator[tuple[int, Any, Reason]]:
    """The longer a list, the less it says of two of its papers (as Adamic and Adar weigh what two
    people share); short ones come first, so that a long one does not push them out."""
    items = related_model(Paper, "items").objects.filter(
        deleted_at=None,
        is_proposed=False,
        reading_list__in=lists_with(paper, user)[:MOST_LISTS].values("pk"),
        paper__isnull=False,
    )
    rows = items.exclude(paper=paper).annotate(
        others=Window(Count("pk"), partition_by="reading_list")
    )
    columns = ("paper", "reading_list", "reading_list__title", "others")
    shortest_first = rows.order_by("others", "-added_at", "pk").values_list(*columns)
    for other, place, title, others in shortest_first[:MOST_ITEMS]:
        weight = WEIGHT["list"] / log2(1 + others)
        yield other, place, Reason("list", f"Also on the list “{title}”", None, weight)


def lists_with(paper: int, user):
    """Lists this person finds by themselves that hold the paper, the latest changed first."""
    items = related_model(Paper, "items")
    holding = items.objects.filter(paper=paper, deleted_at=None, is_proposed=False)
    lists = related_model(items, "reading_list").objects.listed_for(user)
    return lists.filter(pk__in=holding.values("reading_list")).order_by("-updated_at", "pk")


def _rows(ids: Iterable[int], user) -> Iterator[dict[str, Any]]:
    # Positions begin at 0 or at 1: the first two there are.
    written = Authorship.objects.filter(paper=OuterRef("pk")).order_by("position")
    names = written.values("name_as_printed")
    papers = Paper.objects.visible_to(user).filter(pk__in=list(ids))
    papers = papers.annotate(first=Subquery(names[:1]), second=Subquery(names[1:2]))
    date = ("published_year", "published_month", "published_day")
    yield from papers.values("id", "title", "first", "second", *date)


def _related(row: dict[str, Any], reasons: Iterable[Reason]) -> Related:
    best = max(reasons, key=lambda reason: reason.weight)
    date = (row["published_year"], row["published_month"], row["published_day"])
    return Related(
        row["id"], row["title"], row["first"], bool(row["second"]), printed_date(*date), best
    )
