"""Reading lists: versioned, shared, annotated. The tables; their behaviour comes on top."""

from readinglists.models.history import ListEvent, Revision
from readinglists.models.items import Audience, Item, Note, ReadingState
from readinglists.models.lists import ListSection, ReadingList, ReadingListQuerySet
from readinglists.models.sharing import (
    Following,
    Invitation,
    Membership,
    OwnershipOffer,
    Role,
    ShareLink,
)

__all__ = [
    "Audience",
    "Following",
    "Invitation",
    "Item",
    "ListEvent",
    "ListSection",
    "Membership",
    "Note",
    "OwnershipOffer",
    "ReadingList",
    "ReadingListQuerySet",
    "ReadingState",
    "Revision",
    "Role",
    "ShareLink",
]
