"""The search of the whole site."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from api.feeds import FeedLink
from api.keyset import CursorError
from api.listing import SearchBox, read_new_since
from papers.models import Topic
from search.asking import Asked, ask, found_page, named
from search.filters import LATEST, ORDERINGS
from search.finding import FacetValue
from search.kinds import FACETS, KINDS
from search.naming import missing_names

PAGE_SIZE = 20
VALUES_SHOWN = 8
LABELS = {"topic": "Topic", "year": "Year", "issue": "Issue", "venue": "Venue"}
EXAMPLES = (
    ("trojan detection", "both words, in any form"),
    ('"distribution shift"', "a phrase"),
    ("calibrat*", "whatever begins so"),
    ("robustness -vision", "the one without the other"),
    ("author:hendrycks year:2021..2022", "by somebody, in some years"),
    ("topic:monitoring OR topic:alignment", "under either topic"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow or widen what is shown: a plain link."""

    label: str
    count_words: str
    path: str
    is_set: bool = False


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    asked = ask(request, request.GET, is_counted=True)
    box = SearchBox(asked.filterset.form["q"], asked.search and asked.search.query)
    context = {"asked": asked, "listing": {"search": box}, "new_since": read_new_since(request)}
    if asked.search is None:
        return without_words(request, asked, context)
    if (meant := named(asked.search)) and not request.GET.get("cursor"):
        return redirect(meant)
    try:
        page = found_page(asked, request.GET.get("cursor") or None, PAGE_SIZE)
    except CursorError as error:
        context["mistakes"] = [str(error)]
        return render(request, "search/results.html", context, status=400)
    latest = {**asked.data, "ordering": LATEST}
    context |= {
        "page": page,
        "count_words": count_words(page.count, page.is_exact),
        "newer": address(asked, cursor=page.previous) if page.previous else None,
        "older": address(asked, cursor=page.next) if page.next else None,
        "kinds": kind_choices(asked),
        "facets": facet_choices(asked),
        "orders": order_choices(asked),
        "feed": FeedLink("This search", "search", asked.query_with(**latest)),
        "verbatim": verbatim_path(asked),
        "missing": missing_names(asked.search) if asked.search.is_empty else [],
        "kept": [(name, value) for name, value in asked.data.items() if name != "q"],
    }
    return render(request, "search/results.html", context)


def without_words(request: HttpRequest, asked: Asked, context: dict) -> HttpResponse:
    """What can be looked for; or what is wrong with what was."""
    mistakes = asked.filterset.mistakes()
    known = asked.filterset.known()
    others = [
        f"{name}: {mistake.text}"
        for name, found in mistakes.items()
        for mistake in found
        if name in known and (name != "q" or not asked.filterset.form["q"].errors)
    ]
    is_wrong = bool(mistakes.keys() & known)
    context |= {
        "mistakes": others,
        "examples": EXAMPLES,
        "topics": [] if is_wrong else Topic.objects.visible_to(request.user),
    }
    return render(request, "search/results.html", context, status=400 if is_wrong else 200)


def address(asked: Asked, **changes: str | None) -> str:
    return f"/search/?{asked.query_with(**changes)}"


def count_words(count: int, is_exact: bool) -> str:
    return f"{count:,}" if is_exact else f"More than {count:,}"


def verbatim_path(asked: Asked) -> str | None:
    """To what was typed, where something else is shown."""
    if asked.instead_of is None:
        return None
    return address(asked, q=asked.instead_of.text, verbatim="yes")


def kind_choices(asked: Asked) -> list[Choice]:
    counts = asked.search.by_kind
    total = sum(count for count, _ in counts.values())
    is_exact = all(is_exact for _, is_exact in counts.values())
    everything = Choice(
        "Everything", _short(total, is_exact), address(asked, kind=None), not asked.search.kind
    )
    return [everything] + [
        Choice(
            kind.many.capitalize(),
            _short(*counts[kind.name]),
            address(asked, kind=kind.name),
            asked.search.kind == kind.name,
        )
        for kind in KINDS
    ]


def _short(count: int, is_exact: bool) -> str:
    return f"{count:,}" if is_exact else f"{count:,}+"


def facet_choices(asked: Asked) -> list[dict]:
    """Each facet with its values, the one that is set first; the rest behind a fold."""
    shown = []
    for name in FACETS:
        chosen = asked.search.values.get(name)
        values = asked.search.facets[name]
        if chosen and all(value.value != chosen for value in values):
            values = [FacetValue(chosen, chosen, 0), *values]
        values = sorted(values, key=lambda value: value.value != chosen)
        choices = [_facet_choice(asked, name, value, chosen) for value in values]
        if choices:
            shown.append(
                {
                    "name": name,
                    "label": LABELS[name],
                    "choices": choices[:VALUES_SHOWN],
                    "more": choices[VALUES_SHOWN:],
                }
            )
    return shown


def _facet_choice(asked: Asked, name: str, value: FacetValue, chosen: str | None) -> Choice:
    is_set = value.value == chosen
    path = address(asked, **{name: None if is_set else value.value})
    return Choice(value.label, f"{value.count:,}", path, is_set)


def order_choices(asked: Asked) -> list[Choice]:
    chosen = asked.data.get("ordering") or ORDERINGS[0][0]
    return [
        Choice(
            label,
            "",
            address(asked, ordering=None if name == ORDERINGS[0][0] else name),
            name == chosen,
        )
        for name, label in ORDERINGS
    ]
