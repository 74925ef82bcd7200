"""A saved search in words."""

from dataclasses import dataclass

from django.http import QueryDict

from search.models import SavedSearch
from search.places import PLACES


@dataclass(frozen=True, slots=True)
class Part:
    """One filter that is set."""

    label: str
    value: str


def parts_of(search: SavedSearch, user) -> list[Part]:
    query = QueryDict(search.query)
    form = PLACES[search.page].filterset(query, user).form
    labels = {name: str(field.label or "") for name, field in form.fields.items()}
    return [
        Part(_label(name, labels.get(name, "")), str(value))
        for name, value in query.items()
        if value
    ]


def _label(name: str, label: str) -> str:
    is_made_up = not label or label.startswith("[")  # django-filter's, for what is no column
    return name.replace("_", " ").capitalize() if is_made_up else label


def suggested_name(page: str, query: str) -> str:
    """What somebody may want to call it: what they look for, else where."""
    asked = QueryDict(query)
    words = [asked.get("q", ""), *(value for name, value in asked.items() if name != "q")]
    said = ", ".join(word for word in words if word)
    title = PLACES[page].title if page in PLACES else ""
    return (said or title)[: SavedSearch.NAME_LENGTH]
