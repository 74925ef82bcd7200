"""What a list's page says of following it."""

from dataclasses import dataclass

from readinglists.access import Access
from readinglists.following.news import News, news_of
from readinglists.models import Following


@dataclass(frozen=True, slots=True)
class Panel:
    followers: int
    following: Following | None
    news: News | None
    atom: str
    json: str

    @property
    def is_followed(self) -> bool:
        return self.following is not None


def panel_of(access: Access) -> Panel:
    """In two queries, and four more for who follows it. By a share link nothing is followed: it may
    lead to a list that its visitor cannot open without it."""
    reading_list, user = access.reading_list, access.standing.user
    following = None
    if user.is_authenticated:
        own = Following.objects.visible_to(user)
        following = own.filter(reading_list=reading_list).first()
    return Panel(
        followers=Following.objects.filter(reading_list=reading_list).count(),
        following=following,
        news=news_of([following], user)[reading_list.pk] if following else None,
        atom=access.url("feed", kind="atom"),
        json=access.url("feed", kind="json"),
    )
