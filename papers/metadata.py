"""What was looked up about the works that issues link to: fixtures/sources/paper_metadata.json."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from .citation_keys import family_name
from .identifiers import Identifier, identify

KINDS = {
    "paper": "paper",
    "report": "report",
    "blog post": "post",
    "post": "post",
    "dataset repository": "dataset",
    "code repository": "code",
    "project page": "project",
}
# How a record's own kind of id becomes an address that `identify` reads.
_ADDRESSES = {
    "arxiv": "arxiv:{}",
    "doi": "doi:{}",
    "openreview": "openreview:{}",
    "url": "{}",
    "alignmentforum": "https://www.alignmentforum.org/posts/{}",
    "nsf-par": "https://par.nsf.gov/biblio/{}",
}
# Of several records of a work the one whose title stays current speaks for it.
_SPEAKS_FIRST = ("arxiv", "doi", "url", "openreview")


@dataclass(frozen=True)
class Work:
    """One work, from one record or from several joined; without a title, use the newsletter's."""

    kind: str
    title: str | None
    title_source: str  # "official" or "newsletter"
    alternative_titles: tuple[str, ...]
    authors: tuple[str, ...]
    year: int | None
    venue: str | None
    code_url: str | None
    identifiers: tuple[Identifier, ...]
    related: tuple[str, ...]  # hints for a maintainer, not a merge order
    urls_in_newsletter: tuple[str, ...]
    notes: str | None
    sources: tuple[str, ...]
    needs_review: bool = False
    review_note: str | None = None


@dataclass(frozen=True)
class Metadata:
    works: tuple[Work, ...]

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Work]:
        return {identifier.key: work for work in self.works for identifier in work.identifiers}

    def find(self, identifier: Identifier | str | None) -> Work | None:
        """By any of a work's identifiers, or an address that stands for one."""
        if isinstance(identifier, str):
            identifier = identify(identifier)
        return self._by_key.get(identifier.key) if identifier else None


@dataclass(frozen=True)
class _Record:
    data: Mapping[str, Any]
    identifier: Identifier
    related: tuple[Identifier, ...] = field(default=())

    @property
    def kind(self) -> str:
        return KINDS[self.data["kind"]]


def load_metadata(path: Path | str) -> Metadata:
    """Read, check and join the records; ValueError names the first record that is wrong."""
    records = []
    for number, data in enumerate(json.loads(Path(path).read_text("utf-8")), start=1):
        try:
            records.append(_read(data))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: record {number}: {error}") from error
    repeated = [
        key for key, times in Counter(r.identifier.key for r in records).items() if times > 1
    ]
    if repeated:
        raise ValueError(f"{path}: more than one record for {repeated[0]}")
    return Metadata(tuple(map(_work, _joined(records))))


def _read(data: Mapping[str, Any]) -> _Record:
    if data["kind"] not in KINDS:
        raise ValueError(f"unknown kind {data['kind']!r}")
    if data["confidence"] not in ("verified", "unverified"):
        raise ValueError(f"unknown confidence {data['confidence']!r}")
    if data["confidence"] == "verified" and not data["title"]:
        raise ValueError("a verified record has a title")
    identifier = identify(_address(data["id_type"], data["id"]))
    if identifier is None:
        raise ValueError(f"no identifier in {data['id_type']} {data['id']!r}")
    related = tuple(filter(None, map(identify, data["related_ids"])))
    return _Record(data, identifier, related)


def _address(id_type: str, value: str) -> str:
    if id_type == "neurips":
        year, _, digest = value.partition("/")
        return f"https://proceedings.neurips.cc/paper/{year}/hash/{digest}-Abstract.html"
    return _ADDRESSES[id_type].format(value)


def _joined(records: list[_Record]) -> list[list[_Record]]:
    """Records of one work, together: papers that name each other.

    A repository and its paper name each other too, but are two works; a one-sided hint, or one at
    something no record stands for, is only a hint.
    """
    by_key = {record.identifier.key: record for record in records}
    groups: dict[tuple[str, str], list[_Record]] = {r.identifier.key: [r] for r in records}
    for record in records:
        for hint in record.related:
            other = by_key.get(hint.key)
            if other and _are_twins(record, other):
                mine, theirs = groups[record.identifier.key], groups[hint.key]
                if mine is not theirs:
                    mine += theirs
                    groups |= {member.identifier.key: mine for member in theirs}
    unique = {id(group): group for group in groups.values()}
    return list(unique.values())


def _are_twins(one: _Record, other: _Record) -> bool:
    return (
        one.kind == other.kind == "paper"
        and other.identifier in one.related
        and one.identifier in other.related
    )


def _work(group: list[_Record]) -> Work:
    group = sorted(group, key=lambda record: _SPEAKS_FIRST.index(record.identifier.scheme))
    first = group[0].data
    review_note = _review_note(group)
    own = {record.identifier.key for record in group}
    return Work(
        kind=group[0].kind,
        title=first["title"],
        title_source="official" if first["confidence"] == "verified" else "newsletter",
        alternative_titles=_alternative_titles(group),
        authors=tuple(name for name in first["authors"] if family_name(name)),
        year=first["year"],
        venue=first["venue"] or _first(record.data["venue"] for record in group),
        code_url=_first(record.data["code_url"] for record in group),
        identifiers=tuple(record.identifier for record in group),
        related=_unique(str(hint) for r in group for hint in r.related if hint.key not in own),
        urls_in_newsletter=_unique(url for r in group for url in r.data["url_in_newsletter"]),
        notes="\n".join(_unique(r.data["notes"] for r in group if r.data["notes"])) or None,
        sources=_unique(record.data["source"] for record in group if record.data["source"]),
        needs_review=review_note is not None,
        review_note=review_note,
    )


def _alternative_titles(group: list[_Record]) -> tuple[str, ...]:
    title = group[0].data["title"]
    others = [t for record in group for t in (record.data["title"], *record.data["alt_titles"])]
    known = {_plain_title(title)}
    kept = []
    for other in filter(None, others):
        if _plain_title(other) not in known:
            known.add(_plain_title(other))
            kept.append(other)
    return tuple(kept)


def _review_note(group: list[_Record]) -> str | None:
    """Records of one title are one work; under two titles somebody should look."""
    by_title = defaultdict(list)
    for record in group:
        by_title[_plain_title(record.data["title"])].append(record)
    if len(by_title) == 1:
        return None
    names = " and ".join(f"{r.identifier} (“{r.data['title']}”)" for r in group)
    return f"Joined from {names}: the records name each other, but their titles differ."


def _plain_title(title: str | None) -> str:
    return " ".join((title or "").casefold().split())


def _first(values: Iterable[str | None]) -> str | None:
    return next(filter(None, values), None)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
