"""What a list's page says of following it."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q

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


def panel_of(access: Access) -> Panel:
    """In one query, and four more if something happened since a follower looked. By a share link
    nothing is followed: it may lead to a list that its visitor cannot open without it."""
    reading_list, user = access.reading_list, access.standing.user
    own = Q(user=user) if user.is_authenticated and access.secret is None else Q(pk=None)
    found = Following.objects.filter(reading_list=reading_list).aggregate(
        followers=Count("pk"), looked_at=Max("looked_at_version", filter=own)
    )
    looked_at = found["looked_at"]
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
