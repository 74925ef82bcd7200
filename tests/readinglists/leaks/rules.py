"""Who may know what of a list: one table, written without looking at `rights.py`.

Every text of a list is a *fact*; who asks has a *part* in the list, or holds a link.
"""

from dataclasses import dataclass

VISIBILITIES = ("private", "members", "unlisted", "public")
MEMBERS = frozenset({"owner", "editor", "contributor", "viewer"})
EVERYBODY = None


@dataclass(frozen=True)
class Asker:
    """`part`: of the account that asks, if it has one in the lists; `link`: what the share link by
    which it comes allows, "" for one that has ended, None where it comes by no link."""

    name: str
    part: str | None = None
    account: str | None = None
    link: str | None = None

    def __str__(self) -> str:
        return self.name


PEOPLE = (
    Asker("stranger"),
    Asker("somebody", account="somebody"),
    Asker("viewer", "viewer", "viewer"),
    Asker("contributor", "contributor", "contributor"),
    Asker("editor", "editor", "editor"),
    Asker("owner", "owner", "owner"),
    # Was a member, and wrote notes.
    Asker("former", account="former"),
    # An editor whose account was disabled while they were signed in.
    Asker("disabled", account="disabled"),
)
LINKS = (
    Asker("link to view", link="view"),
    Asker("link to view notes", link="view_notes"),
    Asker("link to propose", link="propose"),
    Asker("link to propose, signed in", account="somebody", link="propose"),
    Asker("viewer by a link to view", "viewer", "viewer", link="view"),
    Asker("revoked link", link=""),
    Asker("expired link", link=""),
    Asker("former address of a link", link=""),
)

# Whom a list opens for by its own address, and in whose indexes, searches, feeds and counts it is.
OPENS = {
    "private": {"owner"},
    "members": MEMBERS,
    "unlisted": EVERYBODY,
    "public": EVERYBODY,
}
LISTED = OPENS | {"unlisted": MEMBERS}

# Facts by whom they are for, among those for whom the list opens.
FOR_READERS = frozenset(
    {
        *("title", "description", "section title", "section prose"),
        *("item title", "item url", "paper's own title", "owner's name"),
    }
)
FOR_READERS_OF_NOTES = frozenset({"public note", "editor's name"})
FOR_MEMBERS = frozenset(
    {
        *("members note", "former's note", "proposal", "public note on a proposal"),
        *("former title", "trashed item", "note on a trashed item"),
        *("viewer's name", "contributor's name", "former's name", "disabled's name"),
    }
)
# Whoever was let in once has the id, which tells nothing else.
LET_IN = MEMBERS | {"former", "disabled"}
FOR_THE_OWNER = frozenset({"link's name", "addressee", "trashed list"})
# What one account wrote, for nobody else; the words of the last two were once public.
OF_ONE = {
    "owner's private note": "owner",
    "viewer's private note": "viewer",
    "somebody's private note": "somebody",
    "note made private": "editor",
    "note removed": "editor",
}
WRITTEN_BY = OF_ONE | {"former's note": "former", "proposal": "contributor"}
WRITTEN_BY |= {"members note": "viewer", "public note": "editor"}
FROZEN = frozenset({"note made private", "note removed"})
FOR_NOBODY = frozenset({"hidden paper"})
FACTS = (
    FOR_READERS
    | FOR_READERS_OF_NOTES
    | FOR_MEMBERS
    | FOR_THE_OWNER
    | FOR_NOBODY
    | frozenset({*OF_ONE, "id"})
)


def opens(asker: Asker, visibility: str) -> bool:
    if asker.link is not None:
        return asker.link != ""
    for_whom = OPENS[visibility]
    return for_whom is EVERYBODY or asker.part in for_whom


def is_listed(asker: Asker, visibility: str) -> bool:
    for_whom = LISTED[visibility]
    return for_whom is EVERYBODY or asker.part in for_whom


def is_member(asker: Asker, visibility: str) -> bool:
    """A private list has no members but its owner, however they come."""
    return asker.part == "owner" or (asker.part in MEMBERS and visibility != "private")


def may_know(asker: Asker, visibility: str, fact: str, *, is_frozen: bool = False) -> bool:
    """`is_frozen`: of a state of the list that was kept, as it was then."""
    if fact == "id" and asker.account in LET_IN:
        return True
    if not opens(asker, visibility) or fact in FOR_NOBODY:
        return False
    member = is_member(asker, visibility)
    sees_notes = member or asker.link != "view"
    if fact in FOR_READERS or fact == "id":
        return True
    if fact in FOR_READERS_OF_NOTES or (is_frozen and fact in FROZEN):
        return sees_notes
    if fact in WRITTEN_BY and asker.account == WRITTEN_BY[fact]:
        return sees_notes or fact == "proposal"
    if fact in FOR_MEMBERS:
        return member
    return fact in FOR_THE_OWNER and asker.part == "owner"
