"""Who may do what with a list. Every face asks here, and nowhere else."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When

from readinglists.models import Audience, ListEvent, Membership, Note, ReadingList, Role, ShareLink

EDITING = {Role.OWNER, Role.EDITOR}


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person is to one list: a member, a visitor, or the holder of a share link."""

    user: Any
    role: Role | None
    link: ShareLink | None = None

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def may_edit(self) -> bool:
        return self.role in EDITING

    @property
    def is_member(self) -> bool:
        return self.role is not None

    @property
    def proposes_by_link(self) -> bool:
        """Whoever is not signed in is asked to first."""
        return self.link is not None and self.link.allows == ShareLink.Allows.PROPOSE

    @property
    def may_propose(self) -> bool:
        """Add what an editor has to accept first."""
        proposes = self.role == Role.CONTRIBUTOR or self.proposes_by_link
        return self.user.is_authenticated and proposes

    @property
    def sees_proposals(self) -> bool:
        """Members all of them; who has a link that lets them propose, their own."""
        return self.is_member or self.proposes_by_link

    @property
    def may_note(self) -> bool:
        """Write notes for others; for themselves whoever is signed in and sees the list may."""
        return self.role in {*EDITING, Role.CONTRIBUTOR, Role.VIEWER}

    @property
    def sees_notes(self) -> bool:
        return self.link is None or self.is_member or self.link.allows != ShareLink.Allows.VIEW

    @property
    def sees_history(self) -> bool:
        return self.is_member


def standing_of(reading_list: ReadingList, user: Any, link: ShareLink | None = None) -> Standing:
    return Standing(user, role_of(reading_list, user), link)


def role_of(reading_list: ReadingList, user: Any) -> Role | None:
    if not (user.is_authenticated and user.is_active):
        return None
    if reading_list.owner_id == user.pk:
        return Role.OWNER
    if reading_list.visibility == ReadingList.Visibility.PRIVATE:
        return None  # members wait outside until it is theirs to see again
    members = Membership.objects.filter(reading_list=reading_list, user=user)
    role = members.values_list("role", flat=True).first()
    return Role(role) if role else None


def with_roles(lists: QuerySet[ReadingList], user: Any) -> QuerySet[ReadingList]:
    """Lists with `role`, what `role_of` says of each of them, in their own query."""
    if not (user.is_authenticated and user.is_active):
        return lists.annotate(role=Value(None, CharField()))
    members = Membership.objects.filter(reading_list=OuterRef("pk"), user=user)
    return lists.annotate(
        role=Case(
            When(owner=user, then=Value(Role.OWNER)),
            When(visibility=ReadingList.Visibility.PRIVATE, then=None),
            default=Subquery(members.values("role")[:1]),
        )
    )


# Of a list's own fields those that its owner alone decides, be it by taking a change back.
OWNERS_OWN = {"visibility", "owner_id", "is_trashed"}


def may_undo(standing: Standing, event: ListEvent) -> bool:
    """What became of a note is taken back by whoever did it: its words may not be another's."""
    before = event.before or {}
    if "note" in before and event.actor_id != standing.user.pk:
        return False
    fields = {name for state in before.get("list", {}).values() for name in state or ()}
    return standing.is_owner or (standing.may_edit and not fields & OWNERS_OWN)


def visible_notes(standing: Standing) -> QuerySet[Note]:
    """Notes on any list that somebody of this standing may read: their own, and by audience."""
    notes = Note.objects.filter(deleted_at=None)
    if not standing.sees_notes:
        return notes.none()
    open_to = [Audience.PUBLIC, *([Audience.MEMBERS] if standing.is_member else [])]
    seen = Q(audience__in=open_to)
    if standing.user.is_authenticated and standing.user.is_active:
        seen |= Q(author=standing.user)
    return notes.filter(seen)


def listed_notes(user: Any) -> QuerySet[Note]:
    """Notes this person may read, on all lists that are listed for them: for search and counts."""
    return readable_notes(user, ReadingList.objects.listed_for(user))


def readable_notes(user: Any, lists: QuerySet[ReadingList]) -> QuerySet[Note]:
    """Notes this person may read, on any of these lists, which they may open."""
    shared = Q(item__reading_list__in=ReadingList.objects.of_members(user).values("pk"))
    seen = Q(audience=Audience.PUBLIC) | (Q(audience=Audience.MEMBERS) & shared)
    if user.is_authenticated:
        seen |= Q(author=user)
    return Note.objects.filter(
        seen,
        Q(item__is_proposed=False) | shared,
        deleted_at=None,
        item__deleted_at=None,
        item__reading_list__in=lists.values("pk"),
    )
