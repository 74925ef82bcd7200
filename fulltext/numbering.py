"""One number for each thing of any kind: the kind's above, the thing's own below.

What came later has the higher number, so the newest stand at the end.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery, UUIDField

from fulltext.models import NumberedKey
from fulltext.registry import Kind, kind_named

BITS = 40  # for a kind's own numbers


def bounds(kind: Kind) -> tuple[int, int]:
    """The lowest and highest number a thing of this kind can have."""
    return kind.number << BITS, ((kind.number + 1) << BITS) - 1


def is_numbered(kind: Kind) -> bool:
    """Whether the things' keys are no numbers, so that they are given some."""
    return isinstance(kind.model._meta.pk, UUIDField)


def possible_keys(kind: Kind, keys: Iterable[object]) -> list[object]:
    """The keys as the kind's own type has them; what can be none of its keys is left out."""
    highest = bounds(kind)[1] - bounds(kind)[0]
    if is_numbered(kind):
        return [key for key in map(_uuid, keys) if key is not None]
    numbers = (int(text) for text in map(str, keys) if text.isascii() and text.isdecimal())
    return [number for number in numbers if number <= highest]


def ids_of(kind: Kind, keys: Iterable[object], *, give: bool = False) -> dict[object, int]:
    """The number of each key; those that have none are given one or left out."""
    base = bounds(kind)[0]
    wanted = possible_keys(kind, keys)
    if not is_numbered(kind):
        return {key: base + int(str(key)) for key in wanted}
    if give:
        new = [NumberedKey(kind=kind.number, key=key) for key in sorted(wanted, key=str)]
        NumberedKey.objects.bulk_create(new, ignore_conflicts=True)
    rows = NumberedKey.objects.filter(kind=kind.number, key__in=wanted)
    return {key: base + number for key, number in rows.values_list("key", "id")}


def keys_of(kind: Kind, ids: Sequence[int]) -> dict[int, object]:
    """The key of each number."""
    base = bounds(kind)[0]
    if not is_numbered(kind):
        return {number: number - base for number in ids}
    rows = NumberedKey.objects.filter(id__in=[number - base for number in ids])
    found = {base + number: key for number, key in rows.values_list("id", "key")}
    return {number: found[number] for number in ids if number in found}


def number_of(kind: str) -> Any:
    """As an expression over rows of the kind's model: a small number for each, for lists in which
    kinds stand together; none for what was never indexed."""
    searched = kind_named(kind)
    if not is_numbered(searched):
        return F("pk")
    numbered = NumberedKey.objects.filter(kind=searched.number, key=OuterRef("pk"))
    return Subquery(numbered.values("id")[:1])


def key_of(kind: str, text: str) -> Any:
    """A key that was read as text."""
    return kind_named(kind).model._meta.pk.to_python(text)


def key_of_number(kind: Kind, number: str) -> tuple[str, str]:
    """SQL of the key of a small number that is SQL itself, and of the join that it takes."""
    if not is_numbered(kind):
        return number, ""
    joined = f" JOIN fulltext_numberedkey AS numbered ON numbered.id = {number}"
    return "numbered.key", joined


def keys_by_number(kind: str, numbers: Sequence[int]) -> dict[int, Any]:
    """The way back."""
    searched = kind_named(kind)
    base = bounds(searched)[0]
    found = keys_of(searched, [base + number for number in numbers])
    return {number - base: key for number, key in found.items()}


def _uuid(key: object) -> UUID | None:
    try:
        return UUID(str(key))
    except ValueError:
        return None
