"""Citation keys for a batch of new papers, asked for in four queries."""

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from papers.citation_keys import mint_key
from papers.models import CitationKeyAlias, Paper
from papers.references import Reference
from papers.references.reference import LONGEST_KEY

# hendrycks2021natural: what this site, or another one of its kind, has minted.
_OUR_FORM = re.compile(r"[a-z][a-z0-9]*?(?:[12]\d{3}|nd)[a-z0-9]+", re.ASCII)
_FIT_ALIAS = re.compile(r"[!-~]+", re.ASCII)
_UNFIT = frozenset("{}(),\"'#%~\\=<>&")


class Keys:
    """Gives out keys that neither the catalogue nor this batch has used."""

    def __init__(self, references: Sequence[Reference]) -> None:
        bases = {base_of(reference) for reference in references}
        own = {reference.key for reference in references if reference.key}
        self.taken = _taken("in", [bases | own])
        self.taken |= _taken("startswith", bases & self.taken)

    def give(self, reference: Reference) -> tuple[str, str | None]:
        """The paper's key, and the file's key if it can lead to the paper as well."""
        if _is_ours(reference.key) and reference.key not in self.taken:
            self.taken.add(reference.key)
            return reference.key, None
        key = mint_key(reference.names, _year(reference), reference.title, self.taken)
        self.taken.add(key)
        alias = reference.key if is_fit(reference.key) and reference.key not in self.taken else None
        if alias:
            self.taken.add(alias)
        return key, alias


def base_of(reference: Reference) -> str:
    return mint_key(reference.names, _year(reference), reference.title, ())


def _is_ours(key: str) -> bool:
    return len(key) <= LONGEST_KEY and _OUR_FORM.fullmatch(key) is not None


def is_fit(key: str) -> bool:
    """Whether a key can stand in a file of any format, and names more than a number in a list."""
    if not _FIT_ALIAS.fullmatch(key) or len(key) > LONGEST_KEY or key.isdecimal():
        return False
    return not _UNFIT & set(key)


def _year(reference: Reference) -> int | None:
    return reference.published.year if reference.published else None


def _taken(lookup: str, values: Iterable) -> set[str]:
    """The keys, of papers and former ones, that any of these values finds."""
    values = list(values)
    if not values:
        return set()
    found: set[str] = set()
    for rows, column in ((Paper.objects, "citation_key"), (CitationKeyAlias.objects, "key")):
        condition = reduce(or_, (Q(**{f"{column}__{lookup}": value}) for value in values))
        found.update(rows.filter(condition).values_list(column, flat=True))
    return found
