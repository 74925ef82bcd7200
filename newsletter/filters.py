"""What issues and entries can be filtered by, on pages and in the API."""

from django.db.models import QuerySet

from api.filters import (
    LARGEST_ID,
    ChoiceFilter,
    FilterSet,
    IntegerFilter,
    MomentFilter,
    ReferenceFilter,
    named,
)
from fulltext.filters import QueryFilter
from newsletter.models import Entry, Issue, Link, Publication
from papers.models import Paper


class PublicationFilter(FilterSet):
    class Meta:
        model = Publication
        fields = []


class IssueFilter(FilterSet):
    q = QueryFilter("issue")
    publication = ReferenceFilter(help_text="A publication's id or slug.")
    number = IntegerFilter(help_text="The number the publication gave it.")
    topic = ReferenceFilter(
        method="filter_topic", help_text="With an entry under the topic of this id or slug."
    )
    published_after = MomentFilter(
        field_name="published_at", lookup_expr="gte", help_text="On or after this date or instant."
    )
    published_before = MomentFilter(
        field_name="published_at", lookup_expr="lt", help_text="Before this date or instant."
    )

    class Meta:
        model = Issue
        fields = []

    def filter_topic(self, issues: QuerySet, name: str, value: str) -> QuerySet:
        entries = Entry.objects.visible_to(self.request.user).standing()
        return issues.filter(pk__in=entries.filter(named(value, "topic")).values("issue"))


class EntryFilter(FilterSet):
    q = QueryFilter("entry")
    issue = ReferenceFilter(help_text="An issue's id or slug.")
    number = IntegerFilter(field_name="issue__number", help_text="The issue's number.")
    topic = ReferenceFilter(help_text="A topic's id or slug.")
    kind = ChoiceFilter(choices=Entry.Kind.choices)
    paper = IntegerFilter(
        method="filter_paper", highest=LARGEST_ID, help_text="With a link to the paper of this id."
    )
    prize = ReferenceFilter(
        method="filter_prize", help_text="That speaks of the prize of this id or slug."
    )

    class Meta:
        model = Entry
        fields = []

    def filter_paper(self, entries: QuerySet, name: str, value: int) -> QuerySet:
        papers = Paper.objects.visible_to(self.request.user).filter(pk=value)
        links = Link.objects.visible_to(self.request.user).standing().filter(paper__in=papers)
        return entries.filter(pk__in=links.values("entry"))

    def filter_prize(self, entries: QuerySet, name: str, value: str) -> QuerySet:
        mentions = Entry._meta.get_field("prize_mentions").related_model.objects
        mentions = mentions.visible_to(self.request.user).filter(named(value, "prize"))
        return entries.filter(pk__in=mentions.values("entry"))
