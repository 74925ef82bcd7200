"""Reading lists: versioned, shared, annotated. The tables; their behaviour comes on top."""

from readinglists.models.following import Following, FollowingQuerySet
from readinglists.models.history import ListEvent, Revision
from readinglists.models.items import Audience, Item, Note
from readinglists.models.lists import ListSection, ReadingList, ReadingListQuerySet
from readinglists.models.reading import ReadingPace, ReadingState, ReadingStateQuerySet
from readinglists.models.sharing import (
    Invitation,
    Membership,
    OwnershipOffer,
    Role,
    ShareLink,
)

__all__ = [
    "Audience",
    "Following",
    "FollowingQuerySet",
    "Invitation",
    "Item",
    "ListEvent",
    "ListSection",
    "Membership",
    "Note",
    "OwnershipOffer",
    "ReadingList",
    "ReadingListQuerySet",
    "ReadingPace",
    "ReadingState",
    "ReadingStateQuerySet",
    "Revision",
    "Role",
    "ShareLink",
]
