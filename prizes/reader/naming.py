"""What a prize is called, who gives it and where it is found, as far as the text says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from . import cues
from .facts import PrizeKind
from .prose import MARKER, Prose, Sentence

Link = tuple[str, str, str]  # url, label, role

_LONGEST_NAME = 200
_BODY = (
    r"(?P<the>[Tt]he )?(?P<who>[A-Z][\w&.’'-]*(?: (?:of|for|and|the|on|in|[A-Z][\w&.’'-]*)){0,7}?)"
)
_DOES = (
    r"(?:(?:has|have)(?: recently| just| also| now)? (?:announced|launched|created|opened|released)"
    r"|(?:has|have) an? (?:new |open )?(?:call|grant|prize|competition|program|request)"
    r"|(?:is|are)(?: now| currently| also)? (?:hosting|hiring|recruiting|running|offering|launching"
    r"|organi[sz]ing|sponsoring|accepting|seeking|looking for|funding|announcing|calling"
    r"|looking to hire)"
    r"|will (?:fund|award|offer|host|give)|announce[sd]?|offers|hosts|launche[sd]|funds|sponsors"
    r"|organi[sz]es|invites|runs)"
)
_GIVER = re.compile(rf"(?<![\w’'-]){_BODY} {_DOES}\b")
_BY = re.compile(
    rf"\b(?:hosted|organi[sz]ed|run|sponsored|funded|offered|announced|launched) by {_BODY}"
    r"(?=$|[,.;:()]| [a-z])"
)
_APPLY = re.compile(rf"^Apply (?:to|at) {_BODY}(?=$|[,.;:()]| [a-z])")
_HIRES = re.compile(
    rf"(?<![\w’'-]){_BODY} (?:is|are)(?: now| currently| also)?"
    r" (?:hiring|recruiting|looking to hire) (?:for )?"
    r"(?:an? |some |more |new )?(?P<role>[^,.;:()!?]{3,60})"
)
_CALL = re.compile(
    r"\b(?P<call>(?:call for (?:[\w-]+ ){0,2}\w+|request for proposals))\b", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?<![\w’'-])(?P<name>(?:[A-Z][\w&’'-]* (?:(?:of|for|in|on|and) )?){1,6}"
    r"(?:Prize|Competition|Challenge|Contest|Hackathon|Award|Awards|Bounty|Fellowship|Grants?"
    r"|Scholarship|Tournament))\b"
)
_LAUNCHED = re.compile(
    r"\b(?:announc|launch|creat|open|host|start|organi[sz]|sponsor|introduc|offer|run)(?:e|es|ed|s|ing)?"
    r" (?:the|its|their|a new|an?) (?:new )?" + _NAMED.pattern
)
# Words that begin a sentence, not a name.
_NO_BODY = frozenset(
    (
        "We", "This", "These", "There", "The", "It", "Its", "They", "Our",
        "Their", "In", "A", "An", "If", "As", "You", "I", "He",
        "She", "And", "But", "For", "To", "With", "Submissions", "Applications", "Researchers",
        "Recently", "Separately", "Organizers", "Organisers",
    )
)  # fmt: skip
_WEBSITE = re.compile(r"^(?:web ?site|web ?page|home ?page)$", re.IGNORECASE)
_MARKER = re.compile(rf"\[?{MARKER}\]?$")
_WEBSITE_BEFORE = re.compile(r"\b(?:web ?site|web ?page|home ?page):?\s*$", re.IGNORECASE)


def organiser(sentences: Iterable[str]) -> str | None:
    """The first body that a sentence says is giving, hosting, hiring or calling."""
    for sentence in sentences:
        for pattern in (_GIVER, _BY, _APPLY):
            for match in pattern.finditer(sentence):
                if _is_body(match["who"]):
                    return match["who"]
    return None


def _is_body(who: str) -> bool:
    last = who.rsplit(" ", 1)[-1]
    return who.split(" ", 1)[0] not in _NO_BODY and last[:1].isupper()


def name(
    kind: PrizeKind, headline: str, sentences: Sequence[str], giver: str | None, is_titled: bool
) -> tuple[str, str | None]:
    """A readable name, and why it may not be the right one.

    A title names its thing, except a job's, which is a sentence, and one that tells of it as news
    while the text launches it by name. What has no title is named by the words in capitals, or by
    who gives it.
    """
    if kind == "job" and (job := _job([headline, *sentences], giver)):
        return job, None
    if is_titled and headline:
        return shortened(_own_name(headline, sentences) or headline), None
    for sentence in sentences:
        if named := _NAMED.search(sentence):
            return shortened(_without_article(named["name"])), None
    if giver and kind == "grant":
        return f"{giver} grants", None
    if giver and kind == "call":
        calls = (_CALL.search(sentence) for sentence in sentences)
        call = next((call["call"].lower() for call in calls if call), "call")
        return f"{giver} {call}", None
    return shortened(headline or (sentences[0] if sentences else "")), "the text gives it no name"


def _own_name(headline: str, sentences: Sequence[str]) -> str | None:
    """The one name the text launches a thing by, if the title does not say what the thing is."""
    if any(words.search(headline) for _, words in cues.TITLE_KINDS):
        return None
    named = (_LAUNCHED.finditer(sentence) for sentence in sentences)
    names = {match["name"] for matches in named for match in matches}
    return names.pop() if len(names) == 1 else None


def _job(sentences: Sequence[str], giver: str | None) -> str | None:
    for sentence in sentences:
        if (match := _HIRES.search(sentence)) and _is_body(match["who"]):
            role = match["role"].strip()
            return f"{role[:1].upper()}{role[1:]} at {(match['the'] or '').lower()}{match['who']}"
    return f"Jobs at {giver}" if giver else None


def _without_article(words: str) -> str:
    return words.removeprefix("The ").removeprefix("This ")


def shortened(words: str) -> str:
    if len(words) <= _LONGEST_NAME:
        return words
    return words[:_LONGEST_NAME].rsplit(" ", 1)[0] + " …"


def website(links: Iterable[Link], prose: Prose, announcing: Sentence | None) -> str | None:
    """The link that presents the prize: its website, the entry's link, or the sentence's own."""
    by_role: dict[str, str] = {}
    for url, label, role in links:
        if is_web(url):
            by_role.setdefault("website" if _WEBSITE.match(label) else role, url)
    for role in ("website", "primary"):
        if role in by_role:
            return by_role[role]
    printed = [link for link in prose.links if is_web(link.url)]
    for link in printed:
        if _WEBSITE_BEFORE.search(prose.plain[max(0, link.start - 20) : link.start]):
            return link.url
    for link in printed:
        if _MARKER.match(link.label):
            return link.url
    for link in printed:
        if _NAMED.search(link.label):
            return link.url
    if announcing:
        return next((link.url for link in prose.links_in(announcing) if is_web(link.url)), None)
    return None


def is_web(url: str) -> bool:
    return url.lower().startswith(("https://", "http://"))
