"""Where things to add can come from, by what an address names: apps above this one bring theirs by
`register` in their AppConfig's `ready`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest

from markup.text import clean_line
from newsletter.models import Entry, Link, Section
from readinglists.adding.candidates import Gathered
from readinglists.adding.pasting import address_in
from readinglists.wanted import Wanted

MOST_GATHERED = 200
_LONGEST_TITLE = 500
# What the address names by itself; the rest is a source's own to read.
OWN = ("paper", "entry", "prize", "url", "title", "text", "section", "as", "list")

type Source = Callable[[HttpRequest, int], Gathered | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Of a request and how many things it may bring at most."""
    if source not in _sources:
        _sources.append(source)


def gathered(request: HttpRequest) -> list[Gathered]:
    """All that an address names to be added."""
    found = [_named(request), _shared(request), _section(request)]
    found += [source(request, MOST_GATHERED) for source in _sources]
    return [each for each in found if each is not None]


def _named(request: HttpRequest) -> Gathered | None:
    """By their ids."""
    wanted = [
        replace(Wanted(), **{kind: int(value)})  # type: ignore[arg-type]
        for kind in ("paper", "entry", "prize")
        for value in request.GET.getlist(kind)
        if value.isdecimal() and len(value) < 19
    ]
    if not wanted:
        return None
    of = len(wanted) if len(wanted) > MOST_GATHERED else None
    return Gathered("", wanted[:MOST_GATHERED], of)


def _shared(request: HttpRequest) -> Gathered | None:
    """A page somewhere: by the bookmarklet, or shared by another application, of which some put the
    address into the text."""
    told = [request.GET.get(name, "") for name in ("url", "text", "title")]
    address = told[0].strip() or address_in(*told[1:])
    if not address:
        return None
    title = clean_line(told[2])[:_LONGEST_TITLE]
    return Gathered("", [Wanted(identifier=address, title=title or None)])


def _section(request: HttpRequest) -> Gathered | None:
    """All of an issue's section: the papers it presents, and entries that present none; or, asked
    for so, its entries."""
    name = request.GET.get("section", "")
    if not name.isdecimal() or len(name) > 18:
        return None
    user = request.user
    section = Section.objects.visible_to(user).select_related("issue").filter(pk=name).first()
    if section is None:
        return None
    links = Link.objects.visible_to(user).filter(role=Link.Role.PRIMARY, paper__is_hidden=False)
    entries = Entry.objects.visible_to(user).filter(section=section).only("pk", "section")
    entries = entries.prefetch_related(
        Prefetch("links", links.order_by("position", "pk"), to_attr="presented")
    ).order_by("position", "pk")
    as_entries = request.GET.get("as") == "entries"
    wanted = [each for entry in entries for each in _of_entry(entry, as_entries)]
    wanted = list(dict.fromkeys(wanted))
    words = f"“{section.heading}” of {section.issue.title}"
    of = len(wanted) if len(wanted) > MOST_GATHERED else None
    return Gathered(words, wanted[:MOST_GATHERED], of)


def _of_entry(entry: Any, as_entries: bool) -> Iterator[Wanted]:
    papers = [] if as_entries else [link.paper_id for link in entry.presented if link.paper_id]
    yield from (Wanted(paper=pk) for pk in papers)
    if not papers:
        yield Wanted(entry=entry.pk)
