"""The order of a list as it stands, read in two queries: what every move starts from."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from readinglists.models import Item, ListSection, ReadingList

type SectionId = UUID | None


@dataclass(slots=True)
class Outline:
    """Sections in their order, the items of each in theirs; None is the place before them all."""

    section_places: dict[UUID, int]
    item_places: dict[UUID, int]
    items: dict[SectionId, list[UUID]]

    @classmethod
    def of(cls, reading_list: ReadingList) -> Self:
        sections = ListSection.objects.filter(reading_list=reading_list, deleted_at=None)
        section_places = dict(sections.order_by("position").values_list("pk", "position"))
        found: dict[SectionId, list[UUID]] = {None: [], **{pk: [] for pk in section_places}}
        standing = Item.objects.filter(reading_list=reading_list, deleted_at=None)
        item_places = {}
        for pk, section, place in standing.order_by("position").values_list(
            "pk", "section", "position"
        ):
            item_places[pk] = place
            # What stood in a section that went to the trash stands before all sections.
            found[section if section in found else None].append(pk)
        return cls(section_places, item_places, found)

    @property
    def sections(self) -> list[UUID]:
        return list(self.section_places)

    @property
    def sequence(self) -> list[UUID]:
        return [pk for section in (None, *self.section_places) for pk in self.items[section]]

    def section_of(self, item: UUID) -> SectionId:
        return next(section for section, items in self.items.items() if item in items)
