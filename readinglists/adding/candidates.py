"""What was asked for, as somebody decides on it: with its title, and whether it stands there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from markup.urls import clean_url
from readinglists.adding.addresses import read_own
from readinglists.editing.items import Target
from readinglists.editing.writing import Refused
from readinglists.item_rows import TARGETS, shown_of
from readinglists.models import ReadingList
from readinglists.wanted import Wanted, already_on, key_of, targets_for


@dataclass(slots=True)
class Candidate:
    """One thing that may be added, or why it cannot be."""

    target: Target | None
    title: str
    path: str = ""
    refused: str = ""
    # Its item on the list in question.
    already: UUID | None = None
    # Asked for before, in the same request.
    is_repeated: bool = False
    number: int = 0
    text: str = ""

    @property
    def is_new(self) -> bool:
        return self.target is not None and self.already is None and not self.is_repeated

    @property
    def name(self) -> str:
        """What a form sends for it, as `wanted_called` reads it."""
        assert self.target is not None  # noqa: S101
        kind, value = key_of(self.target)
        return f"{kind}:{value}"


def candidates(wanted: Sequence[Wanted], user: Any) -> list[Candidate]:
    """In the order they were asked for; in seven queries at most."""
    targets = targets_for(read_own(wanted, user), user)
    found = [each for each in targets if isinstance(each, Target)]
    keys = {key_of(each) for each in found}
    shown = shown_of({(kind, value) for kind, value in keys if kind in TARGETS}, user)
    seen: set[Any] = set()
    made = []
    for target in targets:
        if isinstance(target, Refused):
            made.append(Candidate(None, "", refused=str(target)))
            continue
        key = key_of(target)
        made.append(_candidate(target, shown, is_repeated=key in seen))
        seen.add(key)
    return made


def _candidate(
    target: Target, shown: dict[Any, tuple[str, str]], *, is_repeated: bool
) -> Candidate:
    title, path = shown.get(key_of(target), ("", ""))
    if target.url is not None:
        title, path = target.title or target.url, clean_url(target.url) or ""
    return Candidate(target, target.title or title, path, is_repeated=is_repeated)


def mark_those_on(reading_list: ReadingList, things: Iterable[Candidate]) -> None:
    things = [each for each in things if each.target is not None]
    there = already_on(reading_list, [each.target for each in things if each.target])
    for each in things:
        assert each.target is not None  # noqa: S101
        each.already = there.get(key_of(each.target))


def wanted_called(name: str, title: str | None = None) -> Wanted | None:
    """What a form names as `Candidate.name` does."""
    kind, _, value = name.partition(":")
    if kind == "url":
        return Wanted(url=value, title=title)
    if kind in TARGETS and value.isdecimal() and len(value) < 19:
        return replace(Wanted(), **{kind: int(value)})  # type: ignore[arg-type]
    return None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Things that belong together: a section of an issue, what a search finds."""

    words: str
    wanted: list[Wanted] = field(default_factory=list)
    # How many there are in all, if that is more than are offered at once.
    of: int | None = None
    is_exact: bool = True
