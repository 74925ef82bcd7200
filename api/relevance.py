"""Pages by relevance: the first 1,000 hits, frozen in the cursor.

What fits best changes with every row that is added, so a list that is ranked anew for each page
would show rows twice and leave others out. The first page ranks; its cursor carries the keys of
all that was ranked, and later pages read the rows of those keys. What somebody may no longer see
is left out when a page is read; its place stays empty, so nothing else moves.
"""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from struct import Struct
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.http import QueryDict

from api.keyset import CursorError

ORDERING = "relevance"
MOST_RANKED = 1_000
# So that an address with a cursor stays below what servers and proxies take: 1,000 keys of up to
# 32 bits, or 250 UUIDs.
LARGEST_CURSOR = 4_000

# A digest of what was asked, the place, whether it is read backwards, the count, whether that is
# exact, whether keys are UUIDs, and how many bits one takes.
_HEAD = Struct(">8sHBIBBB")
_UUID_BITS = 128


@dataclass(frozen=True, slots=True)
class Ranked:
    """The keys of the best hits, best first; how many hits there are, as far as counted."""

    keys: Sequence[Any]
    count: int
    is_exact: bool


# Gives the best hits, at most so many.
type Relevance = Callable[[int], Ranked]


@dataclass(frozen=True, slots=True)
class RelevancePage:
    rows: list[Any]
    next: str | None
    previous: str | None
    count: int
    is_exact: bool


# Gives the rows of some keys, in their order; what somebody may no longer see is left out.
type Reader = Callable[[Sequence[Any]], list[Any]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins in the frozen list, or, backwards, where it ends."""

    asked: bytes
    ranked: Ranked
    at: int = 0
    backwards: bool = False


def relevance_page(
    relevance: Relevance, visible: QuerySet, asked: str, cursor: str | None, size: int
) -> RelevancePage:
    """`visible` holds all rows somebody may see now, whatever else was asked for."""
    return frozen_page(relevance, lambda keys: _rows(visible, keys), asked, cursor, size)


def frozen_page(
    relevance: Relevance, read: Reader, asked: str, cursor: str | None, size: int
) -> RelevancePage:
    digest = sha256(asked.encode()).digest()[:8]
    place = _read(cursor, digest) if cursor else _Place(digest, _within(relevance(MOST_RANKED)))
    keys = place.ranked.keys
    start = max(0, place.at - size) if place.backwards else place.at
    end = place.at if place.backwards else min(place.at + size, len(keys))
    return RelevancePage(
        read(keys[start:end]),
        _write(replace(place, at=end, backwards=False)) if end < len(keys) else None,
        _write(replace(place, at=start, backwards=True)) if start > 0 else None,
        place.ranked.count,
        place.ranked.is_exact,
    )


def what_is_asked(label: str, data: QueryDict, names: Iterable[str]) -> str:
    """Names a list, so that its cursors are not taken for those of another."""
    given = [(name, data[name].strip()) for name in sorted(names) if data.get(name)]
    return repr((label, given))


def _rows(visible: QuerySet, keys: Sequence[Any]) -> list[Any]:
    found = {
        row["id"] if isinstance(row, Mapping) else row.pk: row
        for row in visible.filter(pk__in=keys).order_by()
    }
    return [found[key] for key in keys if key in found]


def _within(ranked: Ranked) -> Ranked:
    """No more keys than a cursor holds."""
    return replace(ranked, keys=tuple(ranked.keys[: LARGEST_CURSOR * 8 // _bits(ranked.keys)]))


def _bits(keys: Sequence[Any]) -> int:
    """How many one key takes."""
    if keys and isinstance(keys[0], uuid.UUID):
        return _UUID_BITS
    return max(keys, default=0).bit_length() or 1


def _write(place: _Place) -> str:
    keys, bits = place.ranked.keys, _bits(place.ranked.keys)
    is_uuid = isinstance(keys[0], uuid.UUID)
    packed = 1  # keeps the zeros in front
    for key in keys:
        packed = packed << bits | (key.int if is_uuid else key)
    head = _HEAD.pack(
        place.asked,
        place.at,
        place.backwards,
        place.ranked.count,
        place.ranked.is_exact,
        is_uuid,
        bits,
    )
    content = head + packed.to_bytes(packed.bit_length() // 8 + 1)
    return _signer().sign(urlsafe_b64encode(content).decode().rstrip("="))


def _read(cursor: str, digest: bytes) -> _Place:
    try:
        text = _signer().unsign(cursor)
    except BadSignature:
        raise CursorError("This is no cursor of this list by relevance.") from None
    content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    asked, at, backwards, count, is_exact, is_uuid, bits = _HEAD.unpack_from(content)
    if asked != digest:
        raise CursorError("This cursor belongs to another search.")
    packed = int.from_bytes(content[_HEAD.size :])
    mask, numbers = (1 << bits) - 1, []
    while packed > 1:
        numbers.append(packed & mask)
        packed >>= bits
    keys: Iterable[Any] = reversed(numbers)
    if is_uuid:
        keys = (uuid.UUID(int=number) for number in keys)
    return _Place(asked, Ranked(tuple(keys), count, bool(is_exact)), at, bool(backwards))


def _signer() -> Signer:
    return Signer(salt="api.relevance")
