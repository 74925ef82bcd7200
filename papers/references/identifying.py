"""Identifiers wherever a record states them: in fields of their own, addresses or prose."""

import re
from collections.abc import Iterable, Iterator

from markup.urls import clean_url
from papers.identifiers import Identifier, identify

# "arXiv preprint arXiv:1706.03762", "CoRR abs/1706.03762", "arXiv: 1706.03762 [cs]", "doi: 10.1/x"
_IN_PROSE = re.compile(
    r"(?:arxiv\s*:\s*(?:abs/)?|\babs/)([a-z-]+(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5})(v\d+)?"
    r"|\bdoi\s*:\s*(10\.\d{4,9}/\S+)"
    r"|\bopenreview\s*:\s*([\w-]{6,24})",
    re.IGNORECASE,
)
_LONGEST_STATEMENT = 60
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])", re.IGNORECASE)


def from_fields(
    *,
    arxiv: Iterable[str] = (),
    dois: Iterable[str] = (),
    openreview: Iterable[str] = (),
    urls: Iterable[str] = (),
    prose: Iterable[str] = (),
    notes: Iterable[str] = (),
) -> tuple[Identifier, ...]:
    """All of them once, the ones stated outright first."""
    found: list[Identifier | None] = []
    found += [_of_scheme("arxiv", value) for value in arxiv]
    found += [_of_scheme("doi", value) for value in dois]
    found += [_of_scheme("openreview", value) for value in openreview]
    found += [identify(value) for value in urls if clean_url(value.strip())]
    for text in prose:
        found += in_prose(text)
    found += in_notes(*notes)
    return tuple({each.key: each for each in found if each}.values())


def in_prose(text: str) -> Iterator[Identifier]:
    """What a note, a journal's name or "Extra" says outright; addresses there are others'."""
    for match in _IN_PROSE.finditer(text[:10_000]):
        arxiv, version, doi, openreview = match.groups()
        if arxiv:
            found = identify(f"arxiv:{arxiv}{version or ''}")
        elif doi:
            found = identify(f"doi:{doi}")
        else:
            found = identify(f"openreview:{openreview}")
        if found:
            yield found


def in_notes(*notes: str) -> Iterator[Identifier]:
    """Of notes, lines that state an identifier and hardly more: prose speaks of other works."""
    for note in notes:
        for line in note.split("\n"):
            if len(line) <= _LONGEST_STATEMENT:
                yield from in_prose(line)


def addresses_in(text: str) -> list[str]:
    return [_without_tail(match[0]) for match in _ADDRESS.finditer(text)]


def _without_tail(url: str) -> str:
    """Without what a sentence or a Markdown link leaves behind it."""
    while url:
        last = url[-1]
        if last in ".,;:!?'’”]*" or (last == ")" and url.count(")") > url.count("(")):
            url = url[:-1]
        else:
            break
    return url


def read_orcid(text: str) -> str | None:
    match = ORCID.search(text)
    return "-".join(match.groups()).upper() if match else None


def _of_scheme(scheme: str, value: str) -> Identifier | None:
    value = value.strip()
    if not value:
        return None
    bare = re.sub(rf"^{scheme}\s*:\s*", "", value, flags=re.IGNORECASE)
    found = identify(f"{scheme}:{bare}") or identify(value)
    return found if found and (found.scheme == scheme or scheme == "doi") else None
