"""What somebody wants on a list, in their own words, as what an item can be: a thousand at once in
as many queries as one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from markup.urls import clean_url
from newsletter.models import Entry
from papers.identifiers import Identifier as Identity
from papers.identifiers import identify
from papers.models import Identifier, Paper
from prizes.models import Prize
from readinglists.editing.items import Target
from readinglists.editing.writing import Refused
from readinglists.models import Item, ReadingList

KINDS: dict[str, type[Model]] = {"paper": Paper, "entry": Entry, "prize": Prize}

type Key = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of: the id of a paper, an entry or a prize; an address; or an arXiv id, a DOI or an
    address that may be that of a paper here."""

    paper: int | None = None
    entry: int | None = None
    prize: int | None = None
    url: str | None = None
    identifier: str | None = None
    title: str | None = None


def targets_for(wanted: Sequence[Wanted], user: Any) -> list[Target | Refused]:
    """For each what it is here, or why it can be nothing. What one may not see is as if it were
    not there; an identifier of no paper here is the address it leads to."""
    seen = {kind: _seen(kind, wanted, user) for kind in KINDS}
    named = _papers_named([each.identifier for each in wanted if each.identifier], user)
    return [_target(each, seen, named) for each in wanted]


def key_of(thing: Target | Item) -> Key:
    """What it is: two items with the same key are the same thing twice."""
    if isinstance(thing, Item):
        thing = Target(thing.paper_id, thing.entry_id, thing.prize_id, thing.url)
    for kind in ("paper", "entry", "prize"):
        if pk := getattr(thing, kind):
            return kind, pk
    return "url", thing.url


def already_on(reading_list: ReadingList, targets: Iterable[Target]) -> dict[Key, UUID]:
    """Those of the targets that stand on a list, with the first item of each."""
    targets = list(targets)
    if not targets:
        return {}
    items = Item.objects.filter(among(targets), reading_list=reading_list, deleted_at=None)
    return {key_of(item): item.pk for item in items.order_by("-added_at", "-pk")}


def among(targets: Iterable[Target]) -> Q:
    """Of items: that they are one of the targets."""
    sought: dict[str, list[Any]] = defaultdict(list)
    for target in targets:
        kind, value = key_of(target)
        sought[kind].append(value)
    condition = Q()
    for kind, values in sought.items():
        condition |= Q(**{f"{kind}__in": values})
    return condition


def _seen(kind: str, wanted: Iterable[Wanted], user: Any) -> frozenset[int]:
    ids = {pk for each in wanted if (pk := getattr(each, kind)) is not None}
    if not ids:
        return frozenset()
    rows: Any = KINDS[kind]._default_manager
    return frozenset(rows.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def _papers_named(texts: Iterable[str], user: Any) -> dict[tuple[str, str], int]:
    """Papers by scheme and value of their identifiers."""
    values: dict[str, set[str]] = defaultdict(set)
    for identity in map(identify, texts):
        if identity is not None:
            values[identity.scheme].add(identity.value)
    if not values:
        return {}
    condition = Q()
    for scheme, of_scheme in values.items():
        condition |= Q(scheme=scheme, value__in=of_scheme)
    papers = Paper.objects.visible_to(user)
    rows = Identifier.objects.filter(condition, paper__in=papers.values("pk"))
    found = rows.values_list("scheme", "value", "paper")
    return {(scheme, value): pk for scheme, value, pk in found}


def _target(
    wanted: Wanted, seen: dict[str, frozenset[int]], named: dict[tuple[str, str], int]
) -> Target | Refused:
    for kind in KINDS:
        pk = getattr(wanted, kind)
        if pk is not None:
            if pk not in seen[kind]:
                return Refused(f"No {kind} has this id.", field=kind, code="unknown")
            return Target(**{kind: pk}, title=wanted.title)
    if wanted.identifier is not None:
        return _identified(wanted.identifier, wanted.title, named)
    url = clean_url(wanted.url or "")
    if url is None or url.startswith("mailto:"):
        return Refused("An http or https address of a public place.", field="url")
    return Target(url=url, title=wanted.title)


def _identified(
    text: str, title: str | None, named: dict[tuple[str, str], int]
) -> Target | Refused:
    identity = identify(text)
    if identity is None:
        message = "No arXiv id, DOI, OpenReview id or web address."
        return Refused(message, field="identifier", code="unknown")
    if identity.key in named:
        return Target(paper=named[identity.key], title=title)
    return Target(url=_address(text, identity), title=title)


def _address(text: str, identity: Identity) -> str:
    """As it was given, if it was an address."""
    return clean_url(text.strip()) or identity.landing_url
