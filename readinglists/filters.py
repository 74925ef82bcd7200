"""What lists can be filtered by, on pages and in the API."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from api.filters import (
    LARGEST_ID,
    ChoiceFilter,
    FilterSet,
    IntegerFilter,
    ReferenceFilter,
    TextFilter,
)
from papers.models import Paper
from readinglists.models import Item, ReadingList
from readinglists.rights import with_roles


class ReadingListFilter(FilterSet):
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

    class Meta:
        model = ReadingList
        fields: list[str] = []

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
