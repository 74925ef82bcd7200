"""Frozen revisions: what everybody could read of a list at one moment, to cite and to keep.

The bytes are made once, hashed and never touched again: canonical JSON (keys sorted, no white space
between them, UTF-8) of the document a stranger sees, with its public notes. Who may read one is
still asked each time: of the list as it is now, and of each thing that stands in it.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

import orjson
from django.contrib.auth.models import AnonymousUser
from django.db.models import Max

from newsletter.models import Entry
from papers.citation_keys import mint_key
from papers.citations.citation import Citation
from papers.models import Paper
from prizes.models import Prize
from readinglists.contents import Part
from readinglists.document import Document, document_of
from readinglists.editing.writing import Refused, Stale, locked, tell
from readinglists.exporting.citing import kind_of
from readinglists.models import ReadingList, Revision
from readinglists.rights import Standing

MOST_REVISIONS = 1_000
# A list may be written while it is read to be frozen.
_TRIES = 5


def canonical(document: Document) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def freeze(reading_list: ReadingList, actor: Any, based_on: int | None = None) -> Revision:
    """A revision of the list as it stands; the last one if nothing in it has changed since.

    With `based_on` it is the version that somebody looked at, or Stale.
    """
    for _ in range(_TRIES):
        seen = ReadingList.objects.select_related("owner", "cover_topic").get(pk=reading_list.pk)
        if based_on is not None and seen.version != based_on:
            raise Stale(seen)
        # Read before the lock is taken; that it is still so is asked below.
        content = canonical(document_of(seen, Standing(AnonymousUser(), None)))
        try:
            with locked(seen.pk, based_on=seen.version) as held:
                return _keep(held, actor, content)
        except Stale:
            if based_on is not None:
                raise
    raise Refused("Others are writing to this list just now. Try again.", code="busy")


def _keep(reading_list: ReadingList, actor: Any, content: bytes) -> Revision:
    revisions = Revision.objects.filter(reading_list=reading_list)
    digest = sha256(content).hexdigest()
    last = revisions.order_by("-number").first()
    if last is not None and last.sha256 == digest:
        return last
    number = (revisions.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > MOST_REVISIONS:
        raise Refused(f"A list has at most {MOST_REVISIONS:,} revisions.", code="too_many")
    revision = Revision.objects.create(
        reading_list=reading_list,
        number=number,
        version=reading_list.version,
        content=content.decode(),
        sha256=digest,
        created_by=actor,
    )
    tell(reading_list, actor, f"frozen {number}", ("list", reading_list.pk))
    return revision


# --- Reading one --------------------------------------------------------------------------------
def document_in(revision: Revision) -> Document:
    return orjson.loads(revision.content)


def withheld(items: Iterable[Any], user: Any) -> set[tuple[str, str]]:
    """What of it has been hidden since from whoever reads it now, by kind and name. What is no
    longer in the catalogue at all is not hidden: it stands as it was frozen."""
    named: dict[str, set[str]] = {"paper": set(), "entry": set(), "prize": set()}
    for item in items:
        if name := _name(item):
            named[name[0]].add(name[1])
    return {
        *(("paper", key) for key in _hidden(Paper, "citation_key", named["paper"], user)),
        *(("entry", key) for key in _hidden_entries(named["entry"], user)),
        *(("prize", key) for key in _hidden(Prize, "slug", named["prize"], user)),
    }


def readable(parts: Iterable[Part], user: Any, *, with_notes: bool) -> Iterator[Part]:
    """Parts as this reader may see them now."""
    parts = list(parts)
    hidden = withheld((part.values for part in parts if part.kind == "item"), user)
    for part in parts:
        if part.kind == "section":
            yield part
            continue
        values = dict(part.values)
        if _name(values) in hidden:
            values = {"id": values["id"], kind_of(values): None, "notes": values["notes"]}
        yield Part("item", values if with_notes else {**values, "notes": []})


def _name(item: Any) -> tuple[str, str] | None:
    kind = kind_of(item)
    target = item[kind]
    if kind == "url" or target is None:
        return None
    if kind == "paper":
        return kind, target["citation_key"]
    return kind, f"{target['issue']}#{target['anchor']}" if kind == "entry" else target["slug"]


def _hidden(model: type[Paper | Prize], column: str, names: set[str], user: Any) -> set[str]:
    """Of what was merged, what stands for it now counts."""
    rows = model._base_manager.filter(**{f"{column}__in": names})
    standing = {
        name: into or pk for name, pk, into in rows.values_list(column, "pk", "merged_into")
    }
    seen = model.objects.visible_to(user).filter(pk__in=set(standing.values()))
    visible = set(seen.values_list("pk", flat=True))
    return {name for name, pk in standing.items() if pk not in visible}


def _hidden_entries(names: set[str], user: Any) -> set[str]:
    issues = {name.partition("#")[0] for name in names}
    there = set(_entry_names(Entry.objects.filter(issue__slug__in=issues))) & names
    return there - set(_entry_names(Entry.objects.visible_to(user).filter(issue__slug__in=issues)))


def _entry_names(entries: Any) -> Iterator[str]:
    for slug, anchor in entries.values_list("issue__slug", "anchor"):
        yield f"{slug}#{anchor}"


# --- Citing it ----------------------------------------------------------------------------------
def citation_of(revision: Revision, head: Document, address: str | None) -> Citation:
    """The revision as a work, by whoever owned the list then."""
    day = revision.created_at.date()
    authors = (head["owner"],)
    key = f"{mint_key(authors, day.year, head['title'], ())}r{revision.number}"
    return Citation(
        key=key,
        kind="webpage",
        title=f"{head['title']} (revision {revision.number})",
        authors=authors,
        year=day.year,
        month=day.month,
        day=day.day,
        url=address,
    )
