"""What can be searched: each app registers its kinds of documents when it starts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models

TITLE, AUTHOR, VENUE, IDENTIFIER, BODY = "title", "author", "venue", "identifier", "body"
FIELDS = (TITLE, AUTHOR, VENUE, IDENTIFIER, BODY)


@dataclass(frozen=True, slots=True)
class Document:
    """The texts of one thing, by field. A title is matched as a whole too, each on its own."""

    key: object
    title: Sequence[str] = ()
    author: Sequence[str] = ()
    venue: Sequence[str] = ()
    identifier: Sequence[str] = ()
    body: Sequence[str] = ()


type Keys = Sequence[object]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of documents.

    `name` is its API resource, and the kind of its changes (`api.changes`); `number` marks it in
    the index, from 1, never given to another kind. `build` reads the
    present state of some keys, in a number of queries that does not depend on how many there are;
    a key it gives nothing for is not searchable. `follows` says which keys have to be read again
    when something of another kind has changed.
    """

    name: str
    number: int
    model: type[models.Model]
    build: Callable[[Keys], Iterable[Document]]
    follows: Mapping[str, Callable[[Keys], Keys]] = field(default_factory=dict)


_kinds: dict[str, Kind] = {}
_identifier_readers: list[Callable[[str], str | None]] = []
_key_readers: list[Callable[[str], str | None]] = []


def register(kind: Kind) -> None:
    if any(kind.number == other.number for other in _kinds.values() if other.name != kind.name):
        raise ValueError(f"{kind.number} marks another kind already.")
    _kinds[kind.name] = kind


def kinds() -> tuple[Kind, ...]:
    return tuple(_kinds.values())


def kind_named(name: str) -> Kind:
    return _kinds[name]


def register_identifier_reader(reader: Callable[[str], str | None]) -> None:
    """`reader` gives the normal form of an identifier, however it was spelt; None for other text.

    Documents hold their identifiers in this form.
    """
    _identifier_readers.append(reader)


def register_key_reader(reader: Callable[[str], str | None]) -> None:
    """`reader` does the same for keys, which may be words as well."""
    _key_readers.append(reader)


def normal_identifier(text: str) -> str | None:
    return _first(_identifier_readers, text)


def identifier_or_key(text: str) -> str | None:
    return normal_identifier(text) or _first(_key_readers, text)


def _first(readers: Iterable[Callable[[str], str | None]], text: str) -> str | None:
    return next((found for read in readers if (found := read(text))), None)
