"""Lists as the API shows them: plain values of a whole page in one query."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    UUIDField,
    When,
)
from django.db.models.functions import Coalesce

from api.resources import absolute
from readinglists.models import Following, Item, ReadingList
from readinglists.naming import list_path
from readinglists.rights import with_roles

LIST_COLUMNS = (
    *("id", "slug", "title", "description", "description_html", "language", "notes_licence"),
    *("visibility", "version", "forked_from_version", "created_at", "updated_at"),
    *("owner__username", "owner__deleted_at", "cover_topic__slug", "role"),
    *("accepted_count", "proposed_count", "follower_count", "original"),
)


def select_lists(lists: QuerySet[ReadingList], user: Any) -> QuerySet:
    standing = Item.objects.filter(deleted_at=None)
    # Of an original that is not listed for this person not even the id is told: it is an address.
    originals = ReadingList.objects.listed_for(user).filter(pk=OuterRef("forked_from"))
    return (
        with_roles(lists, user)
        .annotate(
            accepted_count=_count(standing.filter(is_proposed=False)),
            proposed_count=_count(standing.filter(is_proposed=True)),
            follower_count=_count(Following.objects.all()),
            original=Subquery(originals.values("pk")[:1], output_field=UUIDField()),
        )
        .values(*LIST_COLUMNS)
    )


def list_counts(lists: QuerySet[ReadingList], user: Any) -> QuerySet[ReadingList]:
    """Lists with `role` and `item_count` as this person sees them: proposals are for members."""
    standing = Item.objects.filter(deleted_at=None)
    accepted, every = _count(standing.filter(is_proposed=False)), _count(standing)
    return with_roles(lists, user).annotate(
        item_count=Case(When(role__isnull=False, then=every), default=accepted)
    )


def _count(rows: QuerySet) -> Coalesce:
    of_one = rows.filter(reading_list=OuterRef("pk")).order_by().values("reading_list")
    counted = Subquery(of_one.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return Coalesce(counted, 0)


def list_rows(rows: Sequence[Mapping[str, Any]], *, detail: bool = False) -> list[dict[str, Any]]:
    return [_list_row(row) | (_details(row) if detail else {}) for row in rows]


def _list_row(row: Mapping[str, Any]) -> dict[str, Any]:
    # Proposals are there for members alone.
    proposals = row["proposed_count"] if row["role"] else 0
    return {
        "id": str(row["id"]),
        "version": row["version"],
        "slug": row["slug"],
        "title": row["title"],
        "description": row["description"] or None,
        "owner": None if row["owner__deleted_at"] else row["owner__username"],
        "role": row["role"],
        "visibility": row["visibility"],
        "cover_topic": row["cover_topic__slug"],
        "language": row["language"],
        "notes_licence": row["notes_licence"] or None,
        "item_count": row["accepted_count"] + proposals,
        "followers": row["follower_count"],
        "forked_from": str(row["original"]) if row["original"] else None,
        "forked_from_version": row["forked_from_version"] if row["original"] else None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "web_url": absolute(list_path(row["id"], row["slug"])),
    }


def _details(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"description_html": row["description_html"] or None}
