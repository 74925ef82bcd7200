"""Prizes that a text speaks of without being about them: in a feature, an intro, a preview."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from . import cues, naming
from .amounts import Sum, read_offer, sums_in
from .deadlines import read_deadlines
from .facts import PrizeFacts, PrizeKind
from .prose import Prose, ProseLink, Sentence, one_line, read_prose

IN_PASSING = "mentioned in passing: find the prize it belongs to"


def read_mentions(text: str, published_on: dt.date) -> list[PrizeFacts]:
    """Every sentence that names a sum as a prize, with the link it gives."""
    prose = read_prose(text)
    return list(_mentions(prose, published_on))


def read_teasers(text: str, published_on: dt.date) -> list[PrizeFacts]:
    """What a text outside the entries ("next time: a new $5,000 contest") announces or sums up."""
    return read_mentions(text, published_on)


def _mentions(prose: Prose, published_on: dt.date) -> Iterator[PrizeFacts]:
    by_sentence: dict[Sentence, list[Sum]] = {}
    for part in sums_in(prose):
        if part.is_pool is not None:
            by_sentence.setdefault(part.sentence, []).append(part)
    dated = {sentence.text for sentence in by_sentence}
    deadlines, _ = read_deadlines(prose, published_on) if by_sentence else ((), ())
    told = [deadline for deadline in deadlines if deadline.quote in dated]
    for sentence, sums in by_sentence.items():
        offer = read_offer(sums)
        first = prose.place(sums[0].money.start)
        link = _link(prose, sentence, first)
        start, end = prose.span(sentence.start, sentence.end)
        yield PrizeFacts(
            kind=_kind(sentence.text),
            name=_name(prose, sums[0], first, link),
            organiser=naming.organiser([sentence.text]),
            website=link.url if link else None,
            description=sentence.text,
            pool=offer.pool,
            awards=offer.awards,
            deadlines=tuple(deadline for deadline in told if deadline.quote == sentence.text),
            quote=sentence.text,
            start=start,
            end=end,
            unsure=(IN_PASSING,),
        )


def _link(prose: Prose, sentence: Sentence, position: int) -> ProseLink | None:
    """The link around the sum, else the sentence's first."""
    links = [link for link in prose.links_in(sentence) if naming.is_web(link.url)]
    around = (link for link in links if link.start <= position < link.end)
    return next(around, links[0] if links else None)


def _name(prose: Prose, part: Sum, position: int, link: ProseLink | None) -> str:
    """The label of the link around the sum, else the sum and what it is of."""
    if link and link.start <= position < link.end:
        return naming.shortened(link.label)
    end = prose.place(part.money.end - 1) + 1
    money = one_line(prose.plain[position:end])
    if pool := cues.POOL_AFTER.match(one_line(f"x{prose.plain[end : part.sentence.end]}"), 1):
        return naming.shortened(f"{money} {pool.group().strip()}")
    return naming.shortened(f"{money} for {part.label}" if part.label else money)


def _kind(sentence: str) -> PrizeKind:
    titles = dict(cues.TITLE_KINDS)
    for kind in ("competition", "prize", "grant"):
        if titles[kind].search(sentence):
            return kind
    return "prize"
