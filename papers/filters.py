"""What papers can be filtered by, on pages and in the API."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet

from accounts.authentication import reader_of
from api.filters import (
    ChoiceFilter,
    FilterSet,
    IntegerFilter,
    ReferenceFilter,
    TextFilter,
    WordsFilter,
    named,
)
from fulltext.filters import QueryFilter
from papers.identifiers import Identifier as Identity
from papers.identifiers import identify
from papers.models import Author, Authorship, Identifier, Paper

YEARS = {"lowest": 1000, "highest": 2999}
ORCID = RegexValidator(r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]\Z")


class PaperFilter(FilterSet):
    q = QueryFilter("paper")
    kind = ChoiceFilter(choices=Paper.Kind.choices)
    topic = ReferenceFilter(method="filter_topic", help_text="A topic's id or slug.")
    issue = ReferenceFilter(
        method="filter_issue", help_text="Mentioned in the issue with this id or slug."
    )
    author = TextFilter(
        method="filter_author", help_text="Words of one author's name, or an ORCID."
    )
    venue = WordsFilter(help_text="Words of the venue's name.")
    year = IntegerFilter(field_name="published_year", **YEARS)
    year_min = IntegerFilter(
        field_name="published_year", lookup_expr="gte", label="From year", **YEARS
    )
    year_max = IntegerFilter(
        field_name="published_year", lookup_expr="lte", label="To year", **YEARS
    )
    arxiv = TextFilter(
        method="filter_identifier", label="arXiv", help_text="An arXiv id, in any spelling."
    )
    doi = TextFilter(method="filter_identifier", label="DOI", help_text="A DOI, in any spelling.")
    openreview = TextFilter(
        method="filter_identifier", label="OpenReview", help_text="An OpenReview forum id."
    )
    url = TextFilter(
        method="filter_identifier",
        label="Address",
        help_text="Any address of the work; those of arXiv, DOIs and OpenReview lead to it too.",
    )
    list = ReferenceFilter(
        method="filter_list", help_text="On the reading list with this id or slug."
    )
    ids = TextFilter(
        method="filter_ids",
        label="Selected",
        validators=[RegexValidator(r"^\d{1,18}(,\d{1,18})*\Z", "Enter ids, parted by commas.")],
        help_text="A selection: papers with these ids, parted by commas.",
    )
    title_source = ChoiceFilter(
        choices=Paper.TitleSource.choices, label="Title from", help_text="Where the title is from."
    )

    class Meta:
        model = Paper
        fields = []

    def filter_ids(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        return papers.filter(pk__in={int(each) for each in value.split(",")})

    def filter_topic(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        filed = Paper.topics.through.objects.filter(named(value, "topic"))
        return papers.filter(pk__in=filed.values("paper"))

    def filter_issue(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        links = Paper._meta.get_field("mentions").related_model.objects
        mentions = links.visible_to(self.request.user).standing()
        mentions = mentions.filter(named(value, "issue"), paper__isnull=False)
        return papers.filter(pk__in=mentions.values("paper"))

    def filter_list(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        items = Paper._meta.get_field("items").related_model.objects
        on_it = items.on_list(value, reader_of(self.request, "lists"))
        return papers.filter(pk__in=on_it.filter(paper__isnull=False).values("paper"))

    def filter_author(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        try:
            ORCID(value)
        except ValidationError:
            by_name = Q(author__in=_with_words(Author.objects, "name", value))
            # A name that is filed under nobody is still printed there.
            nobody = _with_words(Authorship.objects.filter(author=None), "name_as_printed", value)
            written = Authorship.objects.filter(by_name | Q(pk__in=nobody))
        else:
            written = Authorship.objects.filter(author__orcid=value)
        return papers.filter(pk__in=written.values("paper"))

    def filter_identifier(self, papers: QuerySet, name: str, value: str) -> QuerySet:
        identity = identity_of(name, value)
        if identity is None:
            return papers.none()
        identifiers = Identifier.objects.filter(scheme=identity.scheme, value=identity.value)
        return papers.filter(pk__in=identifiers.values("paper"))


def identity_of(scheme: str, text: str) -> Identity | None:
    """What a text names as an identifier of this scheme; an address may name one of any."""
    identity = identify(text if scheme == "url" else f"{scheme}:{text}") or identify(text)
    return identity if identity and scheme in (identity.scheme, "url") else None


def _with_words(rows: QuerySet, field: str, text: str) -> QuerySet:
    for word in text.split()[:10]:
        rows = rows.filter(**{f"{field}__icontains": word})
    return rows
