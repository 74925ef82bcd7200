"""What stands on a list as citations: papers as they are, all else as what it is on the web."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from markup.text import clean_line, clean_text
from markup.urls import clean_url
from papers.citations.citation import Citation
from readinglists.contents import Part
from readinglists.targets import LISTS, PLAIN

KINDS = ("paper", "entry", "prize", "url")

type Values = Mapping[str, Any]


def kind_of(item: Values) -> str:
    return next(kind for kind in KINDS if kind in item)


def citation_of(item: Values) -> Citation | None:
    """Without notes; None for what is no longer available."""
    kind = kind_of(item)
    target = item[kind]
    if target is None:
        return None
    if kind == "paper":
        return _of_paper(target)
    if kind == "entry":
        return _of_entry(target)
    if kind == "prize":
        return _of_prize(target)
    title = clean_line(item.get("title") or "") or target
    key = f"item:{item['id'][:8]}"
    return Citation(key=key, kind="webpage", title=title, url=clean_url(target))


def _of_paper(paper: Values) -> Citation:
    pairs = (name.partition(":") for name in paper.get("identifiers", ()))
    known: dict[str, Any] = {name: paper[name] for name in PLAIN if name in paper}
    known |= {name: tuple(paper[name]) for name in LISTS if name in paper}
    known |= _date(paper.get("published"))
    known["identifiers"] = tuple((scheme, value) for scheme, _, value in pairs)
    return Citation(key=paper.get("citation_key"), **known)


def _of_entry(entry: Values) -> Citation:
    return Citation(
        key=f"entry:{entry['issue']}:{entry['anchor']}",
        kind="post",
        title=entry["headline"],
        authors=tuple(entry.get("authors", ())),
        venue=entry.get("issue_title") or entry.get("publication"),
        url=entry.get("url"),
        **_date(entry.get("published")),
    )


def _of_prize(prize: Values) -> Citation:
    return Citation(
        key=f"prize:{prize['slug']}",
        kind="webpage",
        title=prize["name"],
        venue=prize.get("organiser"),
        url=prize.get("website"),
    )


def _date(published: str | None) -> Values:
    parts = (published or "").split("-")
    names = ("year", "month", "day")
    return {name: int(part) for name, part in zip(names, parts, strict=False) if part}


# --- Notes ------------------------------------------------------------------------------------
def said_by(note: Values) -> str:
    """Whose words a note is, and who brought them in where that is somebody else."""
    brought = note.get("brought_in_by")
    return f"{note['author']}, brought in by {brought}" if brought else note["author"]


def note_text(note: Values) -> str:
    """The words and, as a paragraph of its own, whose they are."""
    return f"{clean_text(note['markdown']).strip()}\n\n— {said_by(note)}"


# --- One after the other ----------------------------------------------------------------------
def standing_parts(parts: Iterable[Part]) -> Iterator[Part]:
    """What stands on the list: a proposal does not yet."""
    return (part for part in parts if not part.values.get("is_proposed"))


def cited(parts: Iterable[Part]) -> Iterator[tuple[Citation, str]]:
    """Works with their notes and the title of their section, each under a key of its own; what is
    no longer available has no place in a reference file."""
    section = ""
    keys: set[str] = set()
    for part in standing_parts(parts):
        if part.kind == "section":
            section = part.values["title"]
        elif citation := citation_of(part.values):
            key = _free(citation.key or f"item:{part.values['id'][:8]}", keys)
            notes = tuple(map(note_text, part.values["notes"]))
            yield replace(citation, key=key, notes=notes), section


def _free(key: str, taken: set[str]) -> str:
    """The same work may stand on a list twice."""
    free, number = key, 1
    while free in taken:
        number += 1
        free = f"{key}:{number}"
    taken.add(free)
    return free
