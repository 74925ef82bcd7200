"""Copies of lists: one's own from then on, with credit, and with the data for taking over what
changes in the original later (`forked_from_version`, and which part each part was copied from).

What comes along is what the copier reads, but for what is proposed or no longer available. One's
own notes stay one's own. Public notes of others are credited to them: public like the original's
where that names a licence for its notes, else for the copier alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, JSONObject

from accounts.models import User
from readinglists.editing.filling import Filling, fill
from readinglists.editing.lists import make_list
from readinglists.editing.writing import Refused, locked
from readinglists.models import Audience, Item, ListEvent, ListSection, Note, ReadingList, Revision
from readinglists.naming import list_path
from readinglists.rights import Standing, visible_notes
from readinglists.targets import targets_of

_TRIES = 5


def copy_list(
    original: ReadingList, standing: Standing, title: str | None = None, pk: UUID | None = None
) -> ReadingList:
    """A private copy for whoever stands so to the original; the one that is there already if its
    id has come before."""
    user = standing.user
    original, filling = _read(original, standing)
    with transaction.atomic():
        made = make_list(
            user,
            title or original.title,
            pk=pk,
            description=original.description,
            cover_topic=original.cover_topic,
            language=original.language,
            notes_licence=original.notes_licence,
            forked_from=original,
            forked_from_version=original.version,
        )
        with locked(made.pk) as held:
            if held.version == 1:  # else it was sent twice, and the copy is there
                fill(held, user, "copied", filling)
    made.refresh_from_db()
    return made


def _read(original: ReadingList, standing: Standing) -> tuple[ReadingList, Filling]:
    """The original in one of its versions, though others may write to it meanwhile."""
    lists = ReadingList.objects.select_related("cover_topic")
    for _ in range(_TRIES):
        seen = lists.get(pk=original.pk)
        filling = _parts(seen, standing)
        if lists.get(pk=original.pk).version == seen.version:
            return seen, filling
    raise Refused("Others are writing to this list just now. Try again.", code="busy")


def _parts(original: ReadingList, standing: Standing) -> Filling:
    user = standing.user
    filling = Filling()
    sections: dict[Any, ListSection] = {}
    rows = ListSection.objects.filter(reading_list=original, deleted_at=None)
    for section in rows.order_by("position"):
        sections[section.pk] = ListSection(
            title=section.title,
            prose=section.prose,
            prose_html=section.prose_html,
            copied_from=section.pk,
        )
    filling.sections = list(sections.values())
    standing_items = Item.objects.filter(
        reading_list=original, deleted_at=None, is_proposed=False
    ).order_by("position")
    items: dict[Any, Item] = {}
    found = list(standing_items)
    targets = targets_of(found, user)
    for item in found:
        if None in targets[item.pk].values():
            continue
        items[item.pk] = Item(
            section=sections.get(item.section_id),
            paper_id=item.paper_id,
            entry_id=item.entry_id,
            prize_id=item.prize_id,
            url=item.url,
            title=item.title,
            stands_for=item.stands_for,
            added_by=user,
            copied_from=item.pk,
        )
    filling.items = list(items.values())
    filling.notes = list(_notes(original, standing, items))
    return filling


def _notes(original: ReadingList, standing: Standing, items: dict[Any, Item]) -> Any:
    user = standing.user
    audience = Audience.PUBLIC if original.notes_licence else Audience.PRIVATE
    notes = visible_notes(standing).filter(item__reading_list=original)
    for note in notes.select_related("author").order_by("created_at", "pk"):
        is_own = note.author_id == user.pk
        if note.item_id not in items or not (is_own or note.audience == Audience.PUBLIC):
            continue
        credit = note.credit if is_own else note.credit or str(note.author)
        yield Note(
            pk=uuid4(),
            item=items[note.item_id],
            author=user,
            credit=credit,
            audience=note.audience if is_own else audience,
            markdown=note.markdown,
            html=note.html,
            copied_from=note.pk,
            created_at=note.created_at,
        )


# --- Credit -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Origin:
    """What a copy says of where it is from."""

    title: str
    owner: str
    version: int
    address: str
    revision: int | None = None  # that froze the very version

    @classmethod
    def of(cls, reading_list: ReadingList, found: Mapping[str, Any]) -> Self:
        """Of a copy, by what `origin_column` found."""
        owner = User(username=found["owner"], deleted_at=found["owner_left"])
        return cls(
            title=found["title"],
            owner=str(owner),
            version=_copied_version(reading_list),
            address=list_path(reading_list.forked_from_id, found["slug"]),
            revision=found["revision"],
        )

    @property
    def revision_address(self) -> str:
        return f"{self.address.rstrip('/').rpartition('/')[0]}/revisions/{self.revision}/"


def origin_column(reading_list: ReadingList, user: Any) -> Subquery:
    """For a query of the copy: its original, where that is listed for this reader. Of any other one
    not even that it is there is theirs to learn."""
    originals = ReadingList.objects.listed_for(user).filter(pk=reading_list.forked_from_id)
    named = JSONObject(
        title="title",
        slug="slug",
        owner="owner__username",
        owner_left="owner__deleted_at",
        revision=Subquery(_frozen_as(_copied_version(reading_list))),
    )
    return Subquery(originals.order_by().values(named=named))


def _copied_version(reading_list: ReadingList) -> int:
    return reading_list.forked_from_version or 1


def _frozen_as(version: int) -> QuerySet[Revision, Any]:
    """Of the original the revision that holds it as it was in a version; to freeze one is a
    version more."""
    frozen = Concat(Value("frozen "), Cast(OuterRef("number"), CharField()))
    freezing = ListEvent.objects.filter(
        reading_list=OuterRef("reading_list"), version=version, verb=frozen
    )
    revisions = Revision.objects.filter(
        Q(version=version) | (Q(version=version - 1) & Exists(freezing)),
        reading_list=OuterRef("pk"),
    )
    return revisions.order_by("-version").values("number")[:1]
