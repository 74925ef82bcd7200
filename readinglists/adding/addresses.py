"""Addresses of our own pages, pasted like any other: what they show is what is wanted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from newsletter.models import Entry
from prizes.models import Prize
from readinglists.wanted import Wanted


def read_own(wanted: Sequence[Wanted], user: Any) -> list[Wanted]:
    """With the ids of what our own pages show; for all of them in two queries."""
    named = [_named(each.url or each.identifier or "") for each in wanted]
    prizes = _prizes((slug for kind, slug, _ in filter(None, named) if kind == "prize"), user)
    issues = {slug for kind, slug, anchor in filter(None, named) if kind == "entry"}
    entries = _entries(issues, user)
    found = {"prize": prizes, "entry": entries}
    return [
        each if name is None else _read(each, *name, found)
        for each, name in zip(wanted, named, strict=True)
    ]


def _named(address: str) -> tuple[str, str, str] | None:
    """Kind, name and anchor of what an own page shows."""
    if not address.startswith(f"{settings.SITE_URL}/"):
        return None
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    match match.view_name:
        case "papers:detail" | "papers:short" | "papers:cite":
            return "paper", str(match.kwargs["pk"]), ""
        case "prizes:detail":
            return "prize", match.kwargs["slug"], ""
        case "newsletter:detail" if parts.fragment:
            return "entry", match.kwargs["slug"], parts.fragment
    return None


def _read(wanted: Wanted, kind: str, name: str, anchor: str, found: dict[str, Any]) -> Wanted:
    if kind == "paper":
        return replace(wanted, paper=int(name), url=None, identifier=None, title=None)
    pk = found[kind].get((name, anchor))
    # A page of ours that shows nothing one may see is an address as any other.
    if pk is None:
        return wanted
    return replace(wanted, **{kind: pk}, url=None, identifier=None, title=None)


def _prizes(slugs: Iterable[str], user: Any) -> dict[tuple[str, str], int]:
    wanted = set(slugs)
    if not wanted:
        return {}
    rows = Prize.objects.visible_to(user).filter(slug__in=wanted)
    return {(slug, ""): pk for slug, pk in rows.values_list("slug", "pk")}


def _entries(issues: set[str], user: Any) -> dict[tuple[str, str], int]:
    if not issues:
        return {}
    rows = Entry.objects.visible_to(user).filter(issue__slug__in=issues)
    return {
        (slug, anchor): pk for slug, anchor, pk in rows.values_list("issue__slug", "anchor", "pk")
    }
