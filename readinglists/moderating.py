"""What a maintainer may do with a list that is not theirs: close it, bin it, bring it back, give it
to somebody else. Each says why, in the list's own history, which its members read."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from readinglists.editing.lists import MOST_LISTS
from readinglists.editing.writing import Refused, locked, tell, write
from readinglists.models import ListEvent, Membership, ReadingList, Role, ShareLink
from readinglists.sharing.ownership import end_what_was_handed_out

PRIVATE = ReadingList.Visibility.PRIVATE


def hide(pk: UUID, maintainer: Any, reason: str) -> bool:
    """To its owner alone; share links and addresses lead nowhere from here on. Whether it was
    open."""
    with locked(pk) as held:
        end_what_was_handed_out(held)
        return _step_in(held, maintainer, "hidden", {"visibility": PRIVATE}, reason)


def trash(pk: UUID, maintainer: Any, reason: str) -> bool:
    with locked(pk) as held:
        return _step_in(held, maintainer, "trashed", {"is_trashed": True}, reason)


def restore(pk: UUID, maintainer: Any, reason: str) -> bool:
    with locked(pk) as held:
        return _step_in(held, maintainer, "restored", {"is_trashed": False}, reason)


def hand_over(pk: UUID, maintainer: Any, to: Any, reason: str) -> bool:
    """To somebody else, such as when its owner has gone; the former owner stays, as an editor, if
    their account does."""
    with locked(pk) as held:
        if held.owner_id == to.pk:
            return False
        if ReadingList.objects.filter(owner=to, deleted_at=None).count() >= MOST_LISTS:
            raise Refused(f"An account has at most {MOST_LISTS} lists.", code="too_many")
        former = held.owner
        end_what_was_handed_out(held)
        Membership.objects.filter(reading_list=held, user__in=(former, to)).delete()
        if former.is_active:
            Membership.objects.create(reading_list=held, user=former, role=Role.EDITOR)
        return _step_in(held, maintainer, "transferred", {"owner_id": to.pk}, reason)


def _step_in(
    held: ReadingList, maintainer: Any, verb: str, fields: dict[str, Any], reason: str
) -> bool:
    event = write(held, maintainer, verb, {"list": {str(held.pk): fields}})
    if event is None:
        return False
    ListEvent.objects.filter(pk=event.pk).update(reason=reason)
    return True


def end_link(link: ShareLink, maintainer: Any) -> bool:
    """Its address leads nowhere from here on; whether it led anywhere until now."""
    with locked(link.reading_list_id) as held:
        found = ShareLink.objects.filter(pk=link.pk, revoked_at=None)
        if not found.update(revoked_at=timezone.now()):
            return False
        tell(held, maintainer, "revoked", ("link", link.pk))
        return True
