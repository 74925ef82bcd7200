"""Which papers to compare, however many there are: those that share a block, and few share one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import batched, combinations, groupby

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.expressions import Combinable

from papers.duplicates.judging import MOST_AUTHORS, Finding, Work, families_of, judge
from papers.duplicates.titles import MOST_TITLES, blocks_of
from papers.models import Authorship, DuplicateSuggestion, Identifier, Paper, TitleBlock

BATCH = 200
# Words that more papers share tell nothing ("deep learning …"): such blocks are passed over.
MOST_IN_BLOCK = 40
PAIRS_AT_ONCE = 2_000
ROWS_AT_ONCE = 20_000
# Findings that are made anew when a paper changes; what a record or a person said stays.
FOUND_BY_TITLE = ("same_title", "preprint", "cross_post", "similar_title")

type Pair = tuple[int, int]
type Found = dict[Pair, Finding]


def look_again(papers: Iterable[int]) -> int:
    """Compare these papers, new or changed, with those like them; returns how many pairs fit."""
    count = 0
    for ids in batched(sorted(set(papers)), BATCH):
        with transaction.atomic():
            file_blocks(ids)
            found = findings(_pairs_of(ids))
            _forget_what_no_longer_holds(ids, found)
            count += suggest(found)
    return count


def look_at_all(tell: Callable[[str, int], None] = lambda stage, number: None) -> int:
    """Compare all papers, in a time that grows as their number does; `tell` hears how far it is."""
    done = count = 0
    for ids in _all_papers():
        with transaction.atomic():
            file_blocks(ids)
        done += len(ids)
        tell("read", done)
    for pairs in batched(_all_pairs(), PAIRS_AT_ONCE):
        with transaction.atomic():
            count += suggest(findings(pairs))
        tell("suggested", count)
    return count


def look_at_unread() -> int:
    """Compare papers that nobody looked at, such as those that were written in bulk."""
    read = Exists(TitleBlock.objects.filter(paper=OuterRef("pk")))
    return sum(look_again(ids) for ids in _all_papers(~read))


# --- Blocks ---------------------------------------------------------------------------------------
def file_blocks(ids: Sequence[int]) -> None:
    """Write down the blocks of these papers' titles, where they differ from what stands there."""
    papers = Paper.objects.filter(pk__in=ids, merged_into=None)
    wanted = {
        (pk, block)
        for pk, title, others in papers.values_list("pk", "title", "alternative_titles")
        for block in blocks_of([title, *map(str, others)])
    }
    stored = TitleBlock.objects.filter(paper__in={pk for pk, _ in wanted})
    have = {(paper, block): pk for pk, paper, block in stored.values_list("pk", "paper", "block")}
    TitleBlock.objects.filter(pk__in=[have[key] for key in have.keys() - wanted]).delete()
    TitleBlock.objects.bulk_create(
        (TitleBlock(paper_id=pk, block=block) for pk, block in sorted(wanted - have.keys())),
        ignore_conflicts=True,
    )


def _pairs_of(ids: Sequence[int]) -> set[Pair]:
    own = list(TitleBlock.objects.filter(paper__in=ids).values_list("block", flat=True).distinct())
    telling: list[int] = []
    for blocks in batched(own, BATCH):
        shared = TitleBlock.objects.filter(block__in=blocks).order_by().values("block")
        sizes = shared.annotate(n=Count("pk")).filter(n__range=(2, MOST_IN_BLOCK))
        telling += sizes.values_list("block", flat=True)
    asked = set(ids)
    return {
        pair
        for blocks in batched(telling, BATCH)
        for pair in _pairs_in(_members(blocks))
        if asked.intersection(pair)
    }


def _members(blocks: Sequence[int]) -> Iterable[Pair]:
    standing = TitleBlock.objects.filter(block__in=blocks, paper__merged_into=None)
    return standing.order_by("block", "paper").values_list("block", "paper")


def _pairs_in(members: Iterable[Pair]) -> Iterator[Pair]:
    for _, rows in groupby(members, key=lambda row: row[0]):
        papers = [paper for _, paper in rows]
        if len(papers) <= MOST_IN_BLOCK:
            yield from combinations(papers, 2)


def _all_papers(*conditions: Combinable) -> Iterator[list[int]]:
    last = 0
    while ids := list(
        Paper.objects.filter(*conditions, pk__gt=last, merged_into=None)
        .order_by("pk")
        .values_list("pk", flat=True)[: BATCH * 5]
    ):
        yield ids
        last = ids[-1]


def _all_pairs() -> Iterator[Pair]:
    """Of every block, in the order of the index that holds them."""
    yield from _pairs_in(_all_members())


def _all_members() -> Iterator[Pair]:
    rows = TitleBlock.objects.filter(paper__merged_into=None).order_by("block", "paper")
    after = Q()
    while chunk := list(rows.filter(after).values_list("block", "paper")[:ROWS_AT_ONCE]):
        yield from chunk
        block, paper = chunk[-1]
        after = Q(block__gt=block) | Q(block=block, paper__gt=paper)


# --- Comparing ------------------------------------------------------------------------------------
def findings(pairs: Iterable[Pair]) -> Found:
    pairs = sorted(set(pairs))
    works = works_of(sorted({pk for pair in pairs for pk in pair}))
    judged = (
        (pair, judge(works[pair[0]], works[pair[1]]))
        for pair in pairs
        if pair[0] in works and pair[1] in works
    )
    return {pair: finding for pair, finding in judged if finding is not None}


def works_of(ids: Sequence[int]) -> dict[int, Work]:
    papers = Paper.objects.filter(pk__in=ids)
    names: dict[int, list[str]] = {}
    written = Authorship.objects.filter(paper__among=ids, position__lt=MOST_AUTHORS)
    for paper, name in written.values_list("paper", "name_as_printed"):
        names.setdefault(paper, []).append(name)
    known: dict[int, dict[str, frozenset[str]]] = {}
    identifiers = Identifier.objects.filter(paper__among=ids)
    for paper, scheme, value in identifiers.values_list("paper", "scheme", "value"):
        of_paper = known.setdefault(paper, {})
        of_paper[scheme] = of_paper.get(scheme, frozenset()) | {value}
    rows = papers.values_list("pk", "kind", "title", "alternative_titles", "published_year")
    return {
        pk: Work(
            pk,
            kind,
            (title, *map(str, others))[:MOST_TITLES],
            year,
            families_of(names.get(pk, ())),
            known.get(pk, {}),
        )
        for pk, kind, title, others, year in rows
    }


def suggest(found: Found) -> int:
    """File what is new; a pair that was decided about stays as it was decided."""
    DuplicateSuggestion.objects.bulk_create(
        (
            DuplicateSuggestion(
                paper_id=one,
                other_id=other,
                reason=finding.reason,
                score=finding.score,
                evidence=finding.evidence,
            )
            for (one, other), finding in found.items()
        ),
        ignore_conflicts=True,
    )
    return len(found)


def _forget_what_no_longer_holds(ids: Sequence[int], found: Found) -> None:
    open_ones = DuplicateSuggestion.objects.filter(
        Q(paper__in=ids) | Q(other__in=ids),
        state=DuplicateSuggestion.State.OPEN,
        reason__in=FOUND_BY_TITLE,
    )
    gone = [
        pk
        for pk, *pair in open_ones.values_list("pk", "paper", "other")
        if tuple(pair) not in found
    ]
    DuplicateSuggestion.objects.filter(pk__in=gone).delete()
