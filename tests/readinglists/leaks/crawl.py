"""Everybody asks for everything; what each answer tells is held to the rules."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.http import HttpResponse

from tests.readinglists.leaks.faces import WRITING, Face, Many, address_of, rows
from tests.readinglists.leaks.rules import (
    LINKS,
    PEOPLE,
    WRITTEN_BY,
    Asker,
    is_listed,
    may_know,
    opens,
)
from tests.readinglists.leaks.shelf import Shelf

_WORD = re.compile(r"zq[a-z]{10}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# They know what others in the table know, who are led to everything; whom a private list opens for
# sees of it what members see of theirs, and an unlisted one is a public one to who has its address.
LIKE_ANOTHER = {"disabled", "contributor", "link to propose", "private", "unlisted"}


@dataclass(frozen=True)
class Question:
    asker: Asker
    key: str
    face: Face | Many
    address: str
    visibility: str | None  # of the one list it is about

    def __str__(self) -> str:
        return f"{self.asker} at {self.key} ({self.visibility}) {self.address}"


def questions(shelf: Shelf, keys: Collection[str] | None = None) -> Iterator[Question]:
    """Owners first: what they get is what others try to be told is unchanged."""
    by_rank = sorted((*PEOPLE, *LINKS), key=lambda each: each.part != "owner")
    for key, face in rows().items():
        if (keys is not None and key not in keys) or key in WRITING:
            continue
        for asker in by_rank:
            if isinstance(face, Many):
                if asker.link is None:
                    for address in face.addresses(shelf):
                        yield Question(asker, key, face, address, None)
            elif (":shared:" in key) == (asker.link is not None):
                yield from _of_each_list(shelf, key, face, asker)


def _of_each_list(shelf: Shelf, key: str, face: Face, asker: Asker) -> Iterator[Question]:
    for visibility, of in shelf.lists.items():
        is_shut = not opens(asker, visibility)
        if is_shut and asker.link is not None and visibility in {"members", "unlisted"}:
            continue  # what has ended has, whatever it led to
        secret = shelf.secret(asker, visibility) if asker.link is not None else None
        # Who stands before a shut door is not led to each thing behind it.
        if asker.name in LIKE_ANOTHER and visibility in LIKE_ANOTHER:
            continue
        is_brief = is_shut or asker.name in LIKE_ANOTHER or visibility in LIKE_ANOTHER
        for fill in face.fills[:1] if is_brief else face.fills:
            address = address_of(key, fill, of, secret) + face.query
            yield Question(asker, key, face, address, visibility)


def ask(shelf: Shelf, question: Question, etag: str = "") -> HttpResponse:
    headers = {"If-None-Match": etag} if etag else {}
    return shelf.clients[question.asker.name].get(question.address, headers=headers)


def told_in(response: HttpResponse) -> set[str]:
    """All words of the shelf that stand in an answer, its headers included."""
    body = response.getvalue().decode(errors="replace")
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return set(_WORD.findall(f"{headers}\n{body}".lower()))


def may_be_told(question: Question, about: list[tuple[str, str]]) -> bool:
    """Whether a word may be in the answer: for one of the lists and facts it stands for."""
    asker, face = question.asker, question.face
    for visibility, fact in about:
        if asker.account and fact == f"{asker.account}'s name":
            return True
        if isinstance(face, Many) and face.tells_own and WRITTEN_BY.get(fact) == asker.account:
            return True
        is_frozen = isinstance(face, Face) and face.is_frozen
        is_here = visibility == question.visibility or is_listed(asker, visibility)
        tells_own = isinstance(face, Many) and face.tells_own
        is_here = is_here or (tells_own and opens(asker, visibility))
        is_here = is_here or fact == "id"  # which may be known to whom it was given
        if is_here and may_know(asker, visibility, fact, is_frozen=is_frozen):
            return True
    return False


def leaks_in(shelf: Shelf, question: Question, told: set[str]) -> list[str]:
    asked = set(_WORD.findall(question.address.lower()))
    return [
        f"{question}: {shelf.words[word]}"
        for word in sorted(told - asked)
        if word in shelf.words and not may_be_told(question, shelf.words[word])
    ]


def missing_in(shelf: Shelf, question: Question, told: set[str]) -> list[str]:
    """What whoever asks may know, and the face does not show though it says so."""
    return [
        f"{question}: {fact} of {visibility}"
        for word, about in shelf.words.items()
        for visibility, fact in about
        if fact in question.face.shows
        and _is_shown(question, visibility, fact)
        and word not in told
    ]


def _is_shown(question: Question, visibility: str, fact: str) -> bool:
    is_here = question.visibility == visibility
    if isinstance(question.face, Many):
        is_here = is_listed(question.asker, visibility)
    # What one has of a list that is shut is an id, and nothing to show.
    is_here = is_here and opens(question.asker, visibility)
    return is_here and may_know(question.asker, visibility, fact)


def is_shut(question: Question) -> bool:
    """Whether the list does not open for whoever asks."""
    return question.visibility is not None and not opens(question.asker, question.visibility)
