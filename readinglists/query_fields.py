"""What lists and notes can be searched by in the query language, and papers by them."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.authentication import reader_of
from fulltext.query.fields import LookupField, ParameterField, register_field, register_kind, said
from papers.query_fields import KIND, TITLE_WORDS, TOPIC
from readinglists.filters import AnyNoteFilter, ReadingListFilter
from readinglists.rights import listed_notes

EXAMPLE = "robustness-recommended-by-the-ml-safety-newsletter"


def register() -> None:
    on_list = ParameterField("list", said("on the list {}"), EXAMPLE)
    owner = ParameterField("owner", said("kept by {}"), "dana")
    register_kind("list", "lists", ReadingListFilter, [TOPIC, TITLE_WORDS, KIND, owner])
    register_kind("note", "notes", AnyNoteFilter, [KIND, on_list])
    register_field("paper", on_list)
    noted = LookupField("has", said("with a {} you may read"), "note", with_note, only_note)
    register_field("paper", noted)


def only_note(value: str) -> None:
    if value != "note":
        raise ValidationError("Write has:note.", code="invalid_choice")


def with_note(papers: QuerySet, value: str, request: HttpRequest) -> QuerySet:
    notes = listed_notes(reader_of(request, "lists")).filter(item__paper__isnull=False)
    return papers.filter(pk__in=notes.values("item__paper"))
