"""What lists can be filtered by, on pages and in the API."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.authentication import reader_of
from api.filters import (
    LARGEST_ID,
    ChoiceFilter,
    FilterSet,
    IntegerFilter,
    ReferenceFilter,
    TextFilter,
)
from fulltext.filters import QueryFilter
from papers.models import Paper
from readinglists.models import Audience, Item, ListEvent, ListSection, Note, ReadingList
from readinglists.rights import with_roles


class AnyNoteFilter(FilterSet):
    """Of notes on all lists, as the search finds them."""

    list = ReferenceFilter(method="filter_list", help_text="On the list with this id or slug.")

    class Meta:
        model = Note
        fields: tuple[str, ...] = ()

    def filter_list(self, notes: QuerySet, name: str, value: str) -> QuerySet:
        items = Item.objects.on_list(value, reader_of(self.request, "lists"))
        return notes.filter(item__in=items.values("pk"))


class ReadingListFilter(FilterSet):
    q = QueryFilter("list")
    owner = TextFilter(
        field_name="owner__username", lookup_expr="iexact", help_text="The owner's name."
    )
    visibility = ChoiceFilter(choices=ReadingList.Visibility.choices)
    topic = ReferenceFilter(field_name="cover_topic", help_text="A cover topic's id or slug.")
    paper = IntegerFilter(
        method="filter_paper",
        lowest=1,
        highest=LARGEST_ID,
        help_text="Lists that hold the paper with this id.",
    )

    whose = ChoiceFilter(
        method="filter_whose",
        choices=[("mine", "mine"), ("shared", "shared with me")],
        help_text="Of the caller's own lists, or of those that others share with them.",
    )

    class Meta:
        model = ReadingList
        fields: list[str] = []

    def filter_whose(self, lists: QuerySet, name: str, value: str) -> QuerySet:
        user = self.request.user
        if not user.is_authenticated:
            return lists.none()
        if value == "mine":
            return lists.filter(owner=user)
        return lists.filter(memberships__user=user)

    def filter_paper(self, lists: QuerySet, name: str, value: int) -> QuerySet:
        """Of a paper that one may not see no list is told; nor what is only proposed, to others
        than members."""
        user = self.request.user
        papers = Paper.objects.visible_to(user).filter(pk=value)
        held = Item.objects.filter(
            reading_list=OuterRef("pk"), deleted_at=None, paper__in=papers.values("pk")
        )
        accepted = Exists(held.filter(is_proposed=False))
        return with_roles(lists, user).filter(accepted | (Q(role__isnull=False) & Q(Exists(held))))


class ItemFilter(FilterSet):
    section = TextFilter(method="filter_section", help_text='A section\'s id; "none": in none.')
    paper = IntegerFilter(method="filter_paper", lowest=1, highest=LARGEST_ID)
    has_note = ChoiceFilter(
        method="filter_has_note",
        choices=[("true", "yes"), ("false", "no")],
        help_text="Whether there is a note that the caller may read.",
    )

    class Meta:
        model = Item
        fields: list[str] = []

    def filter_section(self, items: QuerySet, name: str, value: str) -> QuerySet:
        return items.filter(shown_section=None if value == "none" else part_id(value))

    def filter_paper(self, items: QuerySet, name: str, value: int) -> QuerySet:
        papers = Paper.objects.visible_to(self.request.user).filter(pk=value)
        return items.filter(paper__in=papers.values("pk"))

    def filter_has_note(self, items: QuerySet, name: str, value: str) -> QuerySet:
        return items.filter(is_noted=value == "true")


class NoteFilter(FilterSet):
    item = TextFilter(method="filter_item", help_text="An item's id.")
    author = TextFilter(
        field_name="author__username", lookup_expr="iexact", help_text="The author's name."
    )
    audience = ChoiceFilter(choices=Audience.choices)

    class Meta:
        model = Note
        fields: list[str] = []

    def filter_item(self, notes: QuerySet, name: str, value: str) -> QuerySet:
        return notes.filter(item=part_id(value))


class SectionFilter(FilterSet):
    class Meta:
        model = ListSection
        fields: list[str] = []


class EventFilter(FilterSet):
    subject = TextFilter(method="filter_subject", help_text="The id of what was changed.")
    since = IntegerFilter(
        field_name="version", lookup_expr="gt", help_text="Only what came after this version."
    )

    class Meta:
        model = ListEvent
        fields: list[str] = []

    def filter_subject(self, events: QuerySet, name: str, value: str) -> QuerySet:
        return events.filter(subject_id=part_id(value))


def part_id(value: str) -> UUID:
    """An id of something; what is none is that of nothing."""
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)
