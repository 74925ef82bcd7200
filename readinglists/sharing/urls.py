"""Addresses about sharing a list."""

from django.urls import path

from readinglists.views import invitations, links, members, ownership, proposals

# Of whoever may see the list, also by a share link.
PROPOSALS = [
    path("proposals/", proposals.proposals_page, name="proposals"),
    *[
        path(f"proposals/<uuid:item>/{word}/", proposals.answer, {"word": word}, f"{word}-proposal")
        for word in proposals.ACTS
    ],
]

OF_ONE_LIST = [
    path("members/", members.members_page, name="members"),
    path("members/<uuid:member>/role/", members.change_role, name="change-role"),
    path("members/<uuid:member>/remove/", members.remove, name="remove-member"),
    path("invitations/", members.invite, name="invite"),
    path("invitations/<uuid:invitation>/withdraw/", members.withdraw, name="withdraw-invitation"),
    path("leave/", members.leave, name="leave"),
    path("transfer/", ownership.offer, name="offer-ownership"),
    path("transfer/take-back/", ownership.take_back, name="take-back-offer"),
    *[
        path(f"transfer/{word}/", ownership.answer, {"word": word}, f"{word}-ownership")
        for word in ("accept", "decline")
    ],
    path("links/", links.links_page, name="links"),
    path("links/<uuid:link>/", links.change, name="link"),
    path("links/<uuid:link>/rotate/", links.rotate, name="rotate-link"),
    path("links/<uuid:link>/revoke/", links.revoke, name="revoke-link"),
]

INVITATIONS = [
    path("lists/invitations/", invitations.waiting, name="invitations"),
    *[
        path(
            f"lists/invitations/<uuid:pk>/{word}/",
            invitations.answer,
            {"word": word},
            f"{word}-invitation",
        )
        for word in ("accept", "decline")
    ],
    path("lists/invitation/<str:secret>/", invitations.invitation, name="invitation"),
]
