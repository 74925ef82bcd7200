"""What becomes of the rows that point at a merged paper: each kind has a part that says so.

An app above this one registers its parts in its `AppConfig.ready`. A test fails for a table that
points at papers and has none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Case, F, Model, Q, When

from curation.journal import Entry, Journal
from papers.models import (
    Authorship,
    CitationKeyAlias,
    Completion,
    DuplicateSuggestion,
    Identifier,
    Merge,
    Paper,
    TitleBlock,
)

type Move = Callable[[Paper, Paper, Journal], None]
type Tell = Callable[[Sequence[Any]], None]


@dataclass(frozen=True, slots=True)
class Part:
    """`move` writes to the journal; `tell`, if any, hears which rows a merge or split changed."""

    move: Move
    tell: Tell | None = None
    is_private: bool = False


_parts: dict[type[Model], Part] = {}


def register(
    model: type[Model], move: Move, tell: Tell | None = None, *, is_private: bool = False
) -> None:
    """Name what moves a model's rows from the duplicate (first) to the paper that stays.

    Of private rows no maintainer hears more than that there are some.
    """
    _parts[model] = Part(move, tell, is_private)


def registered() -> Mapping[type[Model], Part]:
    return MappingProxyType(_parts)


def move_all(duplicate: Paper, into: Paper, journal: Journal) -> None:
    for part in _parts.values():
        part.move(duplicate, into, journal)


def private_models() -> list[str]:
    return [model._meta.label_lower for model, part in _parts.items() if part.is_private]


def tell_all(entries: Iterable[Entry]) -> None:
    """Let each part know of its rows in a journal, once they are written."""
    ids: dict[str, list[Any]] = {}
    for entry in entries:
        ids.setdefault(entry["model"], []).extend(entry["ids"])
    for model, part in _parts.items():
        if part.tell and (changed := ids.get(model._meta.label_lower)):
            part.tell(changed)


def rehang(model: type[Model]) -> Move:
    """The part of rows that simply hang on the other paper from now on."""

    def move(duplicate: Paper, into: Paper, journal: Journal) -> None:
        rows = model._base_manager.filter(paper=duplicate).order_by("pk")
        journal.change(rows, paper_id=into.pk)

    return move


def leave(duplicate: Paper, into: Paper, journal: Journal) -> None:
    """The part of rows that tell of the duplicate itself."""


def move_authors(duplicate: Paper, into: Paper, journal: Journal) -> None:
    """Where none are known: two lists of authors are never mixed."""
    locked = "authorships" in into.locked_fields
    if not locked and not Authorship.objects.filter(paper=into).exists():
        journal.change(Authorship.objects.filter(paper=duplicate), paper_id=into.pk)


def move_keys(duplicate: Paper, into: Paper, journal: Journal) -> None:
    """All keys ever handed out for the duplicate go on leading to the work."""
    journal.change(CitationKeyAlias.objects.filter(paper=duplicate), paper_id=into.pk)
    former = CitationKeyAlias.objects.filter(key=duplicate.citation_key)
    if not former.exists():
        journal.create([CitationKeyAlias(key=duplicate.citation_key, paper=into)])


def add_topics(duplicate: Paper, into: Paper, journal: Journal) -> None:
    if "topics" in into.locked_fields:
        return
    through = Paper.topics.through
    filed = set(through.objects.filter(paper=into).values_list("topic", flat=True))
    more = through.objects.filter(paper=duplicate).exclude(topic__in=filed).order_by("topic")
    journal.create([through(paper=into, topic_id=row.topic_id) for row in more])


def add_title_blocks(duplicate: Paper, into: Paper, journal: Journal) -> None:
    known = TitleBlock.objects.filter(paper=into).values("block")
    more = TitleBlock.objects.filter(paper=duplicate).exclude(block__in=known).order_by("block")
    journal.create([TitleBlock(paper=into, block=row.block) for row in more])


def move_suggestions(duplicate: Paper, into: Paper, journal: Journal) -> None:
    """What was said of the duplicate and a third paper is said of the one that stays.

    Where that pair has a row of its own, the duplicate's stays behind, out of the queue.
    """
    suggestions = DuplicateSuggestion.objects
    about = suggestions.filter(Q(paper=duplicate) | Q(other=duplicate)).order_by("pk")
    third = Case(When(paper=duplicate, then=F("other")), default=F("paper"))
    known = set(suggestions.filter(Q(paper=into) | Q(other=into)).values_list("paper", "other"))
    for row in about.annotate(third=third):
        if row.third == into.pk:
            journal.change([row], state=DuplicateSuggestion.State.MERGED)
        elif (pair := tuple(sorted((row.third, into.pk)))) not in known:
            journal.change([row], paper_id=pair[0], other_id=pair[1])


register(Identifier, rehang(Identifier))
register(Authorship, move_authors)
register(CitationKeyAlias, move_keys)
register(Paper.topics.through, add_topics)
register(TitleBlock, add_title_blocks)
register(DuplicateSuggestion, move_suggestions)
# Papers merged into the duplicate before go on leading to it, and through it to the one that
# stays; what was merged and split is told as it was, and so is what services answered.
for told in (Paper, Merge, Completion):
    register(told, leave)
register(Completion, leave)
