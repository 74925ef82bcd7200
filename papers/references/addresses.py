"""Plain text with arXiv ids, DOIs, OpenReview ids and addresses, one or more a line."""

import re
from collections.abc import Iterator

from markup.urls import clean_url
from papers.identifiers import Identifier, identify, looks_like_paper
from papers.models import Paper
from papers.references.identifying import addresses_in
from papers.references.reference import Problem, Record, Reference, checked

LONGEST_LINE = 100_000
_SPACED_PREFIX = re.compile(r"\b(arxiv|doi|openreview)\s*:\s+(?=\S)", re.IGNORECASE)
_QUOTES = "\"'`“”‘’*[]{}<>|"


def read_addresses(text: str) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith(("# ", "//", "%")) or stripped == "#":
            continue
        if len(line) > LONGEST_LINE:
            yield Problem(number, f"a line of {len(line):,} characters", line)
            continue
        found = list(_found_in(stripped))
        if not found:
            reason = "no arXiv id, DOI, OpenReview id or web address"
            yield Problem(number, f"{reason}: “{stripped[:80]}”", line)
        for identity, address in found:
            yield checked(_reference(number, line, identity, address))


def _found_in(line: str) -> Iterator[tuple[Identifier, str]]:
    seen = set()
    addresses = addresses_in(line)
    for address in addresses:
        line = line.replace(address, " ")
    tokens = _SPACED_PREFIX.sub(r"\1:", line).split()
    for text in [*addresses, *(token.strip(_QUOTES + "(),;") for token in tokens)]:
        for part in _parts(text):
            identity = identify(part)
            if identity and identity.key not in seen and (part in addresses or _is_meant(part)):
                seen.add(identity.key)
                yield identity, part


def _parts(text: str) -> list[str]:
    """ "10.1/a,10.1/b" are two, though a DOI may hold a comma."""
    parts = [part for part in re.split(r"[,;]", text) if part]
    return parts if len(parts) > 1 and all(map(identify, parts)) else [text]


def _is_meant(text: str) -> bool:
    return not text.startswith("mailto:")


def _reference(line: int, raw: str, identity: Identifier, address: str) -> Reference:
    url = clean_url(address) or identity.landing_url
    is_paper = identity.scheme != "url" or looks_like_paper(url)
    return Reference(
        line=line,
        raw=raw,
        type="address",
        kind=Paper.Kind.PAPER if is_paper else Paper.Kind.POST,
        identifiers=(identity,),
        url=url,
    )
