"""The lists somebody follows, with what is new on each."""

from dataclasses import dataclass
from typing import Any

from readinglists.following.changing import MOST_FOLLOWED
from readinglists.following.news import News, news_of
from readinglists.models import Following


@dataclass(frozen=True, slots=True)
class Followed:
    following: Following
    news: News

    @property
    def reading_list(self) -> Any:
        return self.following.reading_list


def followed_lists(user: Any) -> tuple[list[Followed], int]:
    """Those with news first, then the last changed; and how many are closed to them now."""
    open_ones = Following.objects.visible_to(user).select_related(
        "reading_list__owner", "reading_list__cover_topic"
    )
    followings = list(open_ones.order_by("-reading_list__updated_at", "pk")[:MOST_FOLLOWED])
    news = news_of(followings, user)
    found = [Followed(following, news[following.reading_list_id]) for following in followings]
    all_of_them = Following.objects.filter(user=user, reading_list__deleted_at=None).count()
    return sorted(found, key=lambda each: not each.news), all_of_them - len(found)
