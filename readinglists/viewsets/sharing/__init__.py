"""Who a list is shared with, over the API: members, invitations, share links, its handing over.

These have no version of their own: what is sent says all there is to say, and sent again it changes
nothing. What makes a secret takes no Idempotency-Key, which would keep it.
"""

from readinglists.viewsets.sharing.links import ShareLinkViewSet
from readinglists.viewsets.sharing.members import (
    InvitationViewSet,
    LeavingViewSet,
    MemberViewSet,
)
from readinglists.viewsets.sharing.transfer import TransferViewSet

__all__ = [
    "InvitationViewSet",
    "LeavingViewSet",
    "MemberViewSet",
    "ShareLinkViewSet",
    "TransferViewSet",
]
