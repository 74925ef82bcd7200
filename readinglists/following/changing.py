"""Following a list, and ending it. To the list it is nothing: no version, no event, and followers
are counted and never named."""

from typing import Any

from readinglists.editing.writing import Refused
from readinglists.models import Following, ReadingList

MOST_FOLLOWED = 500


def follow(reading_list: ReadingList, user: Any) -> tuple[Following, bool]:
    """From now on: what stands there already is no news. Whether it is new to them as well."""
    known = Following.objects.filter(user=user)
    if not known.filter(reading_list=reading_list).exists() and known.count() >= MOST_FOLLOWED:
        raise Refused(f"An account follows at most {MOST_FOLLOWED} lists.", code="too_many")
    return Following.objects.get_or_create(
        reading_list=reading_list,
        user=user,
        defaults={"looked_at_version": reading_list.version},
    )


def unfollow(reading_list: ReadingList, user: Any) -> bool:
    """Whether they did; a feed of their own ends with it."""
    return Following.objects.filter(reading_list=reading_list, user=user).delete()[0] > 0
