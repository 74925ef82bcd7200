"""Two papers side by side, for whoever decides whether they are one work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from papers.merging import TAKEABLE
from papers.models import CitationKeyAlias, DuplicateSuggestion, Paper
from papers.models.works import printed_date
from papers.rows import related_model

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Value:
    """One field of both; what becomes of it if nothing is chosen."""

    name: str
    label: str
    stays: str
    other: str
    is_takeable: bool = False  # both have one, and they differ
    is_filled: bool = False  # only the duplicate has one
    is_suggested: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """The paper that would stay, and the duplicate."""

    into: Paper
    duplicate: Paper
    values: list[Value]
    hanging: list[tuple[str, list[str], list[str]]]
    suggestion: DuplicateSuggestion | None

    @property
    def state(self) -> str:
        """Changes when anything does that the decision was based on."""
        shown = (self.into.pk, self.duplicate.pk, self.values, self.hanging)
        return sha256(repr(shown).encode()).hexdigest()[:32]


def compare(duplicate: Paper, into: Paper) -> Comparison:
    first, second = sorted((duplicate.pk, into.pk))
    suggestion = DuplicateSuggestion.objects.filter(paper=first, other=second).first()
    values = list(_values(duplicate, into))
    hanging = [
        (label, stays, other)
        for (label, stays), (_, other) in zip(_hanging(into), _hanging(duplicate), strict=True)
    ]
    return Comparison(into, duplicate, values, hanging, suggestion)


def better_first(one: Paper, other: Paper) -> tuple[Paper, Paper]:
    """Which is likely to stay: what has its own title, was published, is told of, came first."""
    return (one, other) if _merit(one) >= _merit(other) else (other, one)


def _merit(paper: Paper) -> tuple[bool, bool, int, int]:
    published = paper.identifiers.filter(scheme__in=["doi", "openreview"]).exists()
    mentions = related_model(Paper, "mentions").objects.standing().filter(paper=paper).count()
    return paper.title_source == "official", published, mentions, -paper.pk


def _values(duplicate: Paper, into: Paper) -> Iterator[Value]:
    is_official = duplicate.title_source == "official" != into.title_source
    for name, columns in TAKEABLE.items():
        stays, other = (_words(paper, columns) for paper in (into, duplicate))
        if stays or other:
            differ = bool(stays and other and stays != other)
            is_filled = bool(other and not stays and not {name, *columns} & {*into.locked_fields})
            label = name.replace("_", " ")
            yield Value(
                name, label, stays, other, differ, is_filled, name == "title" and is_official
            )


def _words(paper: Paper, columns: Sequence[str]) -> str:
    if columns == TAKEABLE["published"]:
        return printed_date(*(getattr(paper, column) for column in columns)) or ""
    texts = []
    for column in columns:
        field: Any = Paper._meta.get_field(column)
        has_words = bool(field.choices)
        value = getattr(paper, f"get_{column}_display")() if has_words else getattr(paper, column)
        texts.append(str(value or ""))
    return " · ".join(filter(None, texts))


def _hanging(paper: Paper) -> Iterator[tuple[str, list[str]]]:
    names = paper.authorships.order_by("position").values_list("name_as_printed", flat=True)
    yield "authors", _cut(list(names[: SHOWN + 1]), paper.authorships.count())
    yield "identifiers", sorted(map(str, paper.identifiers.all()))
    keys = CitationKeyAlias.objects.filter(paper=paper).values_list("key", flat=True)
    yield "citation keys", [paper.citation_key, *sorted(keys)]
    yield "other titles", [str(title) for title in paper.alternative_titles]
    yield "topics", sorted(map(str, paper.topics.all()))
    links = related_model(Paper, "mentions").objects.standing().filter(paper=paper)
    told = links.select_related("issue", "entry").order_by("-issue__published_at", "position")
    words = [f"{link.issue}: {link.entry or link.label}" for link in told[: SHOWN + 1]]
    yield "mentions", _cut(words, links.count())
    # Whose they are is nobody's business here.
    yield "on lists", [str(paper.items.filter(deleted_at=None).count())]


def _cut(texts: list[str], number: int) -> list[str]:
    more = number - SHOWN
    return [*texts[:SHOWN], f"and {more} more"] if more > 0 else texts
