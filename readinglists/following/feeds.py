"""A list as a feed: an entry for each item, with the notes on it, what was last touched first.

Read by programs that keep what they are given, it holds no private notes, not even to their
author; and it is dated by nothing that its reader may not see.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import sensitive_variables

from accounts.secret_addresses import secret_address
from api.feeds import feed_page, undated_feed_view
from api.keyset import Key, Ordering
from api.resources import absolute, grouped
from markup.feeds import Category, Feed, FeedEntry, Person
from readinglists.access import Access, by_list
from readinglists.feed_entries import anchor_of, author_of
from readinglists.labels import GONE, labels_of
from readinglists.models import Audience, Following, Item, Note, ReadingList
from readinglists.naming import list_path
from readinglists.rights import Standing, standing_of, visible_notes

LAST_TOUCHED = Ordering.read("-touched", {"touched": Key("touched_at")}, Key("pk"))


@by_list
def list_feed(request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    page = absolute(access.url("detail"))
    # By a share link nothing tells the list's own address.
    name = absolute(access.url("feed", kind="atom")) if access.secret else None
    return _feed(
        request,
        reading_list=access.reading_list,
        standing=access.standing,
        page=page,
        name=name,
        kind=kind,
    )


@secret_address
@sensitive_variables("secret")
def own_feed(request: HttpRequest, secret: str, kind: str) -> HttpResponse:
    """What a follower sees of a list, for as long as they may see it."""
    following = Following.objects.behind(secret).select_related("user").first()
    if following is None:
        raise Http404
    lists = ReadingList.objects.visible_to(following.user).select_related("owner", "cover_topic")
    reading_list = lists.filter(pk=following.reading_list_id).first()
    if reading_list is None:
        raise Http404
    response = _feed(
        request,
        reading_list=reading_list,
        standing=standing_of(reading_list, following.user),
        page=absolute(list_path(reading_list.pk, reading_list.slug)),
        name=None,
        kind=kind,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@undated_feed_view
def _feed(
    request: HttpRequest,
    reading_list: ReadingList,
    standing: Standing,
    page: str,
    name: str | None,
) -> Feed:
    items = items_of(reading_list, standing)
    found = feed_page(request, items, LAST_TOUCHED)
    return Feed(
        id=name or absolute(f"/api/v1/lists/{reading_list.pk}/"),
        url=page,
        title=reading_list.title,
        subtitle=f"What stands on this list by {reading_list.owner}, what was last touched first.",
        authors=[Person(str(reading_list.owner))],
        language=reading_list.language,
        rights=reading_list.notes_licence or "",
        entries=entries_of(found.rows, standing, page),
        **found.addresses(),
    )


def items_of(reading_list: ReadingList, standing: Standing) -> QuerySet[Item]:
    """With the time of what was last done to each that this reader sees."""
    on_it = notes_in_feeds(standing).filter(item=OuterRef("pk")).order_by().values("item")
    noted = Subquery(
        on_it.annotate(at=Max("updated_at")).values("at"), output_field=DateTimeField()
    )
    items = Item.objects.filter(reading_list=reading_list, deleted_at=None, is_proposed=False)
    touched = Greatest("added_at", Coalesce(noted, "added_at"))
    return items.annotate(touched_at=touched).select_related("section", "paper", "added_by")


def notes_in_feeds(standing: Standing) -> QuerySet[Note]:
    return visible_notes(standing).exclude(audience=Audience.PRIVATE)


def entries_of(items: Iterable[Item], standing: Standing, page: str) -> list[FeedEntry]:
    items = list(items)
    labels = labels_of(items, standing.user)
    notes = notes_in_feeds(standing).filter(item__in=[item.pk for item in items])
    said: dict[UUID, list[Note]] = grouped(
        (note.item_id, note) for note in notes.select_related("author").order_by("created_at", "pk")
    )
    return [_entry(item, labels[item.pk], said.get(item.pk, []), page) for item in items]


def _entry(item: Any, label: str, notes: list[Note], page: str) -> FeedEntry:
    is_there = label != GONE
    section = item.section if item.section and item.section.deleted_at is None else None
    address = (item.paper.url if item.paper else item.url) if is_there else None
    return FeedEntry(
        id=f"urn:uuid:{item.pk}",
        url=f"{page}#{anchor_of(item)}",
        title=label,
        updated=item.touched_at,
        published=item.added_at,
        content_html=_words(notes),
        authors=[Person(name) for name in dict.fromkeys(map(author_of, notes))],
        categories=[Category(section.title)] if section else [],
        original_url=address,
    )


def _words(notes: Iterable[Note]) -> SafeString:
    """Each with who said it; their HTML was sanitised when it was written."""
    said = [
        format_html(
            "<p><strong>{}</strong></p>{}",
            author_of(note),
            mark_safe(note.html),  # noqa: S308 -- sanitised
        )
        for note in notes
    ]
    return mark_safe("".join(said))  # noqa: S308 -- of escaped and sanitised parts
