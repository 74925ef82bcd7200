"""Things put on a list, under its lock: added by editors, proposed by contributors, each once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied

from readinglists.access import Access
from readinglists.adding.candidates import Candidate
from readinglists.editing import items
from readinglists.editing.outline import SectionId
from readinglists.editing.writing import sent_before
from readinglists.models import Item, ReadingList
from readinglists.noting.saving import held
from readinglists.sharing.proposals import require_room
from readinglists.wanted import already_on, key_of


@dataclass(slots=True)
class Put:
    """What came of it; `version` is the list's that it made, to be undone."""

    made: list[UUID] = field(default_factory=list)
    already: int = 0
    is_proposed: bool = False
    version: int | None = None

    @property
    def words(self) -> str:
        count = len(self.made)
        if not count:
            return "Nothing was added: it stands on the list already."
        verb = "proposed: an editor will accept or decline" if self.is_proposed else "added"
        done = f"{'It is' if count == 1 else f'{count} items are'} {verb}"
        done += f" {'it' if count == 1 else 'them'}." if self.is_proposed else "."
        stood = f" {self.already} stood there already." if self.already else ""
        return done + stood


def put(access: Access, things: Sequence[Candidate], *, section: SectionId = None, pk: UUID) -> Put:
    """All of them, but what has come to stand there since somebody looked. Sent again with the same
    id, nothing more is added."""
    with held(access) as (reading_list, standing):
        if not (standing.may_edit or standing.may_propose):
            raise PermissionDenied
        user, is_proposed = standing.user, not standing.may_edit
        targets = [each.target for each in things if each.target is not None]
        if not targets or sent_before(Item, pk, reading_list=reading_list, added_by=user):
            return Put([pk] if targets else [], is_proposed=is_proposed)
        # Ticked although it stood there, it is wanted twice.
        twice = {key_of(each.target) for each in things if each.target and each.already}
        there = already_on(reading_list, targets).keys() - twice
        coming = [target for target in targets if key_of(target) not in there]
        already = len(targets) - len(coming)
        if not coming:
            return Put(already=already, is_proposed=is_proposed)
        if is_proposed:
            require_room(reading_list, user, len(coming))
        made = items.add_items(
            reading_list,
            user,
            coming,
            section=_standing(reading_list, section),
            is_proposed=is_proposed,
            pk=pk,
        )
        version = None if is_proposed else reading_list.version
        return Put(made, already, is_proposed, version)


def _standing(reading_list: ReadingList, section: SectionId) -> SectionId:
    """A section that was removed meanwhile keeps nothing from being added: before all sections."""
    if section is None:
        return None
    there = reading_list.sections.filter(pk=section, deleted_at=None)
    return section if there.exists() else None
