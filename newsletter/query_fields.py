"""What issues and entries can be searched by in the query language."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict

from api.filters import LARGEST_ID
from fulltext import engine
from fulltext.expressions import Expression, Leaf
from fulltext.query.conditions import combined
from fulltext.query.fields import (
    LookupField,
    ParameterField,
    read_years,
    register_kind,
    said,
    years_as_days,
    years_said,
)
from fulltext.registry import TITLE
from newsletter.filters import EntryFilter, IssueFilter
from newsletter.models import Entry, Link
from papers.filters import PaperFilter
from papers.models import Paper
from papers.query_fields import IDENTIFIERS, KIND, TITLE_WORDS, TOPIC


def register() -> None:
    days = years_as_days("published_after", "published_before")
    issue_fields = [
        TOPIC,
        TITLE_WORDS,
        KIND,
        ParameterField("year", years_said, "2021..2023", days),
        LookupField("issue", said("by the name {}"), "ml-safety-newsletter-9", named_so),
    ]
    entry_fields = [
        TOPIC,
        TITLE_WORDS,
        KIND,
        ParameterField("issue", said("in the issue {}"), "ml-safety-newsletter-9"),
        LookupField("year", years_said, "2021..2023", told_in_years, read_years),
        *(
            LookupField(field.name, field.words, field.example, _linking(field.name))
            for field in IDENTIFIERS
        ),
    ]
    register_kind("issue", "issues", IssueFilter, issue_fields, of_title_or_entries)
    register_kind("entry", "entries", EntryFilter, entry_fields)


def of_title_or_entries(expression: Expression, request: HttpRequest) -> Q:
    """Issues whose title holds a text, or one of whose entries does."""

    def holding(text: Leaf) -> Q:
        in_title = Q(title__icontains=text.text)
        if text.field == TITLE:
            return in_title
        entries = Entry.objects.visible_to(request.user).standing()
        return in_title | Q(pk__in=entries.filter(engine.matching("entry", text)).values("issue"))

    return combined(expression, holding)


def named_so(issues: QuerySet, value: str, request: HttpRequest) -> QuerySet:
    """By slug or id, as everywhere an issue is named."""
    is_id = value.isascii() and value.isdigit() and int(value) <= LARGEST_ID
    return issues.filter(Q(slug=value) | Q(pk=int(value)) if is_id else Q(slug=value))


def told_in_years(entries: QuerySet, value: str, request: HttpRequest) -> QuerySet:
    low, high = read_years(value)
    if low:
        entries = entries.filter(issue__published_at__year__gte=low)
    return entries.filter(issue__published_at__year__lte=high) if high else entries


def _linking(parameter: str):
    """Entries with a link to the paper that a parameter of papers finds."""

    def linking(entries: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        visible = Paper.objects.visible_to(request.user)
        data = QueryDict(mutable=True)
        data[parameter] = value
        papers = PaperFilter(data, visible, request=request, given_only=True).qs
        links = Link.objects.visible_to(request.user).standing().filter(paper__in=papers)
        return entries.filter(pk__in=links.values("entry"))

    return linking
