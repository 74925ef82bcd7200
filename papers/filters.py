"""What papers can be filtered by, on pages and in the API."""

import django_filters as filters
from django.db.models import Q, QuerySet

from papers.identifiers import identify
from papers.models import Author, Identifier, Paper

YEARS = {"min_value": 1000, "max_value": 2999}
MAX_TEXT = 300


def by_id_or_slug(relation: str, value: str) -> Q:
    """Topics, issues and prizes answer to both."""
    if value.isascii() and value.isdigit() and len(value) < 19:
        return Q(**{f"{relation}__pk": int(value)}) | Q(**{f"{relation}__slug": value})
    return Q(**{f"{relation}__slug": value})


class PaperFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Paper.Kind, empty_label="Any")
    topic = filters.CharFilter(method="filter_topic", max_length=MAX_TEXT)
    issue = filters.CharFilter(method="filter_issue", max_length=MAX_TEXT)
    author = filters.CharFilter(method="filter_author", max_length=MAX_TEXT)
    venue = filters.CharFilter(lookup_expr="icontains", max_length=MAX_TEXT)
    year = filters.NumberFilter(field_name="published_year", label="Year", **YEARS)
    year_min = filters.NumberFilter(
        field_name="published_year", lookup_expr="gte", label="From year", **YEARS
    )
    year_max = filters.NumberFilter(
        field_name="published_year", lookup_expr="lte", label="To year", **YEARS
    )
    arxiv = filters.CharFilter(method="filter_identifier", label="arXiv", max_length=MAX_TEXT)
    doi = filters.CharFilter(method="filter_identifier", label="DOI", max_length=MAX_TEXT)
    openreview = filters.CharFilter(
        method="filter_identifier", label="OpenReview", max_length=MAX_TEXT
    )
    url = filters.CharFilter(method="filter_identifier", label="Address", max_length=4000)
    title_source = filters.ChoiceFilter(
        choices=Paper.TitleSource, empty_label="Any", label="Title from"
    )

    class Meta:
        model = Paper
        fields = []

    def filter_topic(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        topics = Paper.topics.through.objects.filter(by_id_or_slug("topic", value))
        return papers.filter(pk__in=topics.values("paper"))

    def filter_issue(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        links = Paper._meta.get_field("mentions").related_model.objects
        visible = links.visible_to(self.request.user).standing()
        mentions = visible.filter(by_id_or_slug("issue", value), paper__isnull=False)
        return papers.filter(pk__in=mentions.values("paper"))

    def filter_author(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        authors = Author.objects.filter(Q(name__icontains=value) | Q(orcid=value))
        return papers.filter(
            pk__in=Paper.authors.through.objects.filter(author__in=authors).values("paper")
        )

    def filter_identifier(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        identity = identify(value if name == "url" else f"{name}:{value}") or identify(value)
        if identity is None or name not in (identity.scheme, "url"):
            return papers.none()
        named = Identifier.objects.filter(scheme=identity.scheme, value=identity.value)
        return papers.filter(pk__in=named.values("paper"))
