"""What a list's page says of following it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from readinglists.access import Access
from readinglists.following.news import News, news_of
from readinglists.models import Following


@dataclass(frozen=True, slots=True)
class Panel:
    followers: int
    is_followed: bool
    news: News | None
    atom: str
    json: str


def following_columns(access: Access) -> dict[str, Any]:
    """For a query of the list: what `panel_of` reads. By a share link nothing is followed: it may
    lead to a list that its visitor cannot open without it."""
    user = access.standing.user
    followings = Following.objects.filter(reading_list=OuterRef("pk")).order_by()
    counted = followings.values("reading_list").annotate(number=Count("pk")).values("number")
    columns: dict[str, Any] = {"followers": Coalesce(Subquery(counted), 0)}
    if user.is_authenticated and access.secret is None:
        own = followings.filter(user=user)
        columns["looked_at"] = Subquery(own.values("looked_at_version"))
    return columns


def panel_of(access: Access, found: Mapping[str, Any]) -> Panel:
    """In two queries if something happened since a follower looked, else in none."""
    reading_list, user = access.reading_list, access.standing.user
    looked_at = found.get("looked_at")
    news = None
    if looked_at is not None and looked_at < reading_list.version:
        news = news_of([Following(reading_list=reading_list, user=user)], user)[reading_list.pk]
    return Panel(
        followers=found["followers"],
        is_followed=looked_at is not None,
        news=news,
        atom=access.url("feed", kind="atom"),
        json=access.url("feed", kind="json"),
    )
