"""Lists for tests, made the way people make them: every step is in the list's history."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from newsletter.models import Entry
from papers.models import Paper
from prizes.models import Prize
from readinglists.editing import items, lists, notes
from readinglists.editing.items import Target
from readinglists.editing.writing import locked
from readinglists.models import Item, ListSection, Membership, Note, ReadingList, ShareLink
from readinglists.sharing.links import new_secret
from tests.factories import UserFactory

KINDS = {Paper: "paper", Entry: "entry", Prize: "prize"}


def make_list(owner: User | None = None, title: str = "A list", **fields: Any) -> ReadingList:
    return lists.make_list(owner or UserFactory(), title, **fields)


def target(thing: Any) -> Target:
    """A paper, an entry, a prize, or an address."""
    if isinstance(thing, str):
        return Target(url=thing, title=f"Title of {thing}")
    return Target(**{KINDS[type(thing)]: thing.pk})


def put_on(reading_list: ReadingList, *things: Any, **where: Any) -> list[Item]:
    """Items for things, in their order; by the owner unless `actor` says otherwise."""
    actor = where.pop("actor", reading_list.owner)
    with locked(reading_list.pk) as held:
        made = items.add_items(held, actor, [target(thing) for thing in things], **where)
    reading_list.refresh_from_db()
    found = Item.objects.in_bulk(made)
    return [found[pk] for pk in made]


def add_section(reading_list: ReadingList, title: str = "A section", **fields: Any) -> ListSection:
    section = lists.add_section(reading_list.pk, reading_list.owner, title, **fields)
    reading_list.refresh_from_db()
    return section


def say(
    item: Item, author: User | None = None, text: str = "A note.", audience: str = "public"
) -> Note:
    with locked(item.reading_list_id) as held:
        note = notes.add_note(held, author or held.owner, item, text, audience)
    item.reading_list.refresh_from_db()
    return note


def join(reading_list: ReadingList, role: str, user: User | None = None) -> User:
    user = user or UserFactory()
    Membership.objects.create(reading_list=reading_list, user=user, role=role)
    return user


def make_link(reading_list: ReadingList, allows: str = "view", **fields: Any) -> str:
    """The secret of a new share link."""
    secret, digest = new_secret()
    fields = {"name": "a link", "created_by": reading_list.owner, **fields}
    ShareLink.objects.create(reading_list=reading_list, digest=digest, allows=allows, **fields)
    return secret


def order_of(reading_list: ReadingList) -> Sequence[Any]:
    """Ids of the items that stand, in the order of the list."""
    standing = Item.objects.filter(reading_list=reading_list, deleted_at=None)
    return list(standing.order_by("position").values_list("pk", flat=True))
