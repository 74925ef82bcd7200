"""Prizes, competitions, grants, calls and jobs, as an entry of a newsletter tells them.

The rules look for what such announcements have in common: what the title calls the thing, sums
of money with a part in an offer, and the verbs of hiring, calling and funding. What they cannot
settle stands in `unsure`, for a person to look at.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise

from . import cues, naming
from .amounts import Offer, Sum, read_offer, sums_in
from .deadlines import read_deadlines
from .facts import EntryKind, MoneyFact, PrizeFacts, PrizeKind, shifted
from .naming import Link
from .prose import MARKER, MARKERS, Prose, Sentence, one_line, read_prose

_BOILERPLATE = re.compile(r"\bsubscribe\b.{0,80}\b(?:free|posts?|newsletter)\b", re.IGNORECASE)
_MARKER_LINE = re.compile(rf"(?:\[{{0,2}}{MARKER}\]{{0,2}}\s*)+$")
_WEBSITE_LINE = re.compile(r"^(?:web ?site|link)s?:? \S+$", re.IGNORECASE)
_ITEM = re.compile(r"^[ \t]*+[*+-][ \t]+(?=\S)", re.MULTILINE)
_END = re.compile(r"[.!]+$")
_CONTESTS = {"prize", "competition"}


def read_opportunity(
    text: str,
    headline: str,
    published_on: dt.date,
    links: Sequence[Link] = (),
    kind: EntryKind | None = None,
) -> PrizeFacts | None:
    """The prize an entry announces, or None.

    `links` are (url, label, role) as the newsletter's reader gives them. An `opportunity` always
    announces something; news only with words that say so; features and briefs mention prizes
    (`read_mentions`) but announce none.
    """
    if kind in {"feature", "brief"}:
        return None
    prose = read_prose(text)
    headline = one_line(headline)
    title = read_prose(headline)
    offer_sums = sums_in(prose)
    title_sums = sums_in(title)
    offer = read_offer(offer_sums, _pool_of(title_sums))
    prize_kind, announcing = _announcement(prose, headline, offer, offer_sums)
    doubts: list[str] = []
    if prize_kind is None:
        if kind != "opportunity":
            return None
        prize_kind = "prize"
        doubts.append("no word says what kind of opportunity this is")
    return _facts(prose, headline, published_on, links, prize_kind, announcing, offer, doubts)


def read_opportunities(
    text: str,
    headline: str,
    published_on: dt.date,
    links: Sequence[Link] = (),
    kind: EntryKind | None = None,
) -> list[PrizeFacts]:
    """All prizes an entry announces: one, unless it is a list whose items each announce one."""
    if kind in {"feature", "brief"}:
        return []
    items = [item for item in _items(text) if _stands_alone(item)]
    if len(items) < 2:
        whole = read_opportunity(text, headline, published_on, links, kind)
        return [whole] if whole else []
    return [facts for item in items if (facts := _of_item(item, published_on))]


def _items(text: str) -> list[tuple[int, str]]:
    """The list items of a text, each with where it begins."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    return [
        (start, text[start:end].split("\n\n", 1)[0])
        for start, end in pairwise([*starts, len(text)])
    ]


def _stands_alone(item: tuple[int, str]) -> bool:
    """An item with a link and an offer of its own, not one award of the entry's prize."""
    prose = read_prose(item[1])
    if not any(naming.is_web(link.url) for link in prose.links):
        return False
    return any(part.is_pool is not None for part in sums_in(prose)) or bool(_offer_in(prose)[0])


def _of_item(item: tuple[int, str], published_on: dt.date) -> PrizeFacts | None:
    start, text = item
    prose = read_prose(text)
    title = next(link.label for link in prose.links if naming.is_web(link.url))
    facts = read_opportunity(text, title, published_on)
    return shifted(facts, start) if facts else None


def _facts(
    prose: Prose,
    headline: str,
    published_on: dt.date,
    links: Sequence[Link],
    kind: PrizeKind,
    announcing: Sentence | None,
    offer: Offer,
    doubts: list[str],
) -> PrizeFacts:
    told = [announcing.text] if announcing else []
    opening = [sentence.text for sentence in prose.sentences[:1]]
    said = [*told, headline, *opening, *_offering(prose, kind)]
    giver = naming.organiser(said)
    name, doubt = naming.name(kind, headline, said, giver, _is_titled(prose, headline))
    deadlines, unclear_dates = read_deadlines(prose, published_on)
    doubts += [doubt] if doubt else []
    doubts += [f"the sum has no clear part in it: {part.sentence.text}" for part in offer.unclear]
    doubts += unclear_dates
    if kind == "job" and announcing and announcing.text.startswith("Apply"):
        doubts.append(f"that this is a job is read from one word only: {announcing.text}")
    start, end = prose.span(announcing.start, announcing.end) if announcing else (0, 0)
    return PrizeFacts(
        kind=kind,
        name=name,
        organiser=giver,
        website=naming.website(links, prose, announcing),
        description=_description(prose, headline),
        pool=offer.pool,
        awards=offer.awards,
        deadlines=deadlines,
        quote=announcing.text if announcing else headline,
        start=start,
        end=end,
        unsure=tuple(doubts),
    )


def _pool_of(sums: Sequence[Sum]) -> MoneyFact | None:
    return max(
        (part.money for part in sums if part.is_pool),
        key=lambda money: money.largest,
        default=None,
    )


def _announcement(
    prose: Prose, headline: str, offer: Offer, sums: Sequence[Sum]
) -> tuple[PrizeKind | None, Sentence | None]:
    """What is announced, and the sentence that does it: the one with the money, if there is one."""
    titled = _title_kind(headline)
    paying = _paying(offer, sums)
    kind, offering = _offer_in(prose)
    if titled == "job" or (kind == "job" and not paying):
        return "job", offering if kind == "job" else None
    if paying:
        return titled or _kind_of(paying.text, kind), paying
    if kind:
        return (titled if titled in _CONTESTS else kind), offering
    if offer.pool:  # only the title has it
        return titled or "prize", None
    if titled in {"grant", "call"} or titled in _CONTESTS:
        return _only_titled(prose, titled)
    return None, None


def _only_titled(prose: Prose, titled: PrizeKind) -> tuple[PrizeKind | None, Sentence | None]:
    """A title that names a contest announces it only where one can still take part."""
    if any(cues.FINISHED.search(sentence.text) for sentence in prose.sentences):
        return None, None
    for sentence in prose.sentences:
        if cues.OPEN.search(sentence.text):
            return titled, sentence
    return None, None


def _title_kind(title: str) -> PrizeKind | None:
    return next((kind for kind, words in cues.TITLE_KINDS if words.search(title)), None)


def _paying(offer: Offer, sums: Sequence[Sum]) -> Sentence | None:
    """The sentence that states the pool, else the first award."""
    for part in sums:
        if part.is_pool and offer.pool and part.money == offer.pool:
            return part.sentence
    return next((part.sentence for part in sums if part.is_pool is False), None)


def _kind_of(sentence: str, otherwise: PrizeKind | None) -> PrizeKind:
    for kind in ("competition", "grant", "prize"):
        if dict(cues.TITLE_KINDS)[kind].search(sentence):
            return kind
    return otherwise or "prize"


def _offer_in(prose: Prose) -> tuple[PrizeKind | None, Sentence | None]:
    """The first sentence that hires, calls or funds, else one that takes applications."""
    for sentence in prose.sentences:
        for kind, words in cues.OFFERS:
            if words.search(sentence.text):
                return kind, sentence
    for sentence in prose.sentences:
        if cues.APPLICATIONS.search(sentence.text):
            return "call", sentence
    return None, None


def _offering(prose: Prose, kind: PrizeKind) -> list[str]:
    patterns = [words for name, words in cues.OFFERS if name == kind]
    return [
        sentence.text
        for sentence in prose.sentences
        if any(words.search(sentence.text) for words in patterns)
    ]


def _is_titled(prose: Prose, headline: str) -> bool:
    """Whether the headline is a title of its own, not the text's first sentence."""
    if not headline:
        return False
    own = _END.sub("", headline)
    first = _unmarked(prose.paragraphs[0]) if prose.paragraphs else ""
    return not first.startswith(own) or (_END.sub("", first) == own and len(prose.paragraphs) > 1)


def _unmarked(paragraph: str) -> str:
    """The paragraph without the link marker it begins with."""
    marker = MARKERS.match(paragraph)
    return paragraph[marker.end() :] if marker else paragraph


def _description(prose: Prose, headline: str) -> str:
    """The entry's words without its title, link markers, website line and calls to subscribe."""
    paragraphs = [_unmarked(words) for words in prose.paragraphs]
    if len(paragraphs) > 1 and _END.sub("", paragraphs[0]) == _END.sub("", headline):
        del paragraphs[0]
    return "\n\n".join(
        words
        for words in paragraphs
        if words
        and not _MARKER_LINE.match(words)
        and not _WEBSITE_LINE.match(words)
        and not _BOILERPLATE.search(words)
    )
