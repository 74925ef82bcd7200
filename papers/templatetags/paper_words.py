"""What is known about a paper, in words: never more than is known."""

from collections.abc import Iterable

from django import template

from papers.identifiers import landing_url
from papers.models import Authorship, Identifier

register = template.Library()

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAMES_SHOWN = 3


@register.filter
def date_words(published: str | None) -> str:
    """ "2022-03-07" as "7 Mar 2023", "2022-03" as "Mar 2022", "2022" as it is."""
    if not published:
        return ""
    year, *rest = published.split("-")
    words = [year]
    if rest:
        words.insert(0, MONTHS[int(rest[0]) - 1])
    if len(rest) > 1:
        words.insert(0, str(int(rest[1])))
    return " ".join(words)


@register.filter
def names(authorships: Iterable[Authorship]) -> str:
    """The first names of a list, "et al." standing for the rest."""
    printed = [authorship.name_as_printed for authorship in authorships]
    shown = ", ".join(printed[:NAMES_SHOWN])
    return f"{shown} et al." if len(printed) > NAMES_SHOWN else shown


@register.filter
def first_name(authorships: Iterable[Authorship]) -> str:
    """One name where there is room for one."""
    printed = [authorship.name_as_printed for authorship in authorships]
    return f"{printed[0]} et al." if len(printed) > 1 else "".join(printed)


@register.filter
def named_identifiers(identifiers: Iterable[Identifier]) -> list[Identifier]:
    """Those that a scheme gave it: an address alone is a link, not a name."""
    return [each for each in identifiers if each.scheme != Identifier.Scheme.URL]


@register.filter
def identifier_words(identifier: Identifier) -> str:
    return f"{identifier.get_scheme_display()} {identifier.value}"


@register.filter
def identifier_address(identifier: Identifier) -> str | None:
    """Where a name leads, or none for a plain address (which `Paper.url` has, if it is safe)."""
    if identifier.scheme == Identifier.Scheme.URL:
        return None
    return landing_url(identifier.scheme, identifier.value)
