"""What kind of entry something is: feature, brief, news or opportunity."""

import re
from dataclasses import dataclass
from itertools import pairwise

from newsletter.reader.headings import SectionName
from newsletter.reader.sentences import sentence_ends

PRIZE = re.compile(
    r"\b(prizes?|awards?|competitions?|contests?|hackathons?|bount(y|ies)|tournaments?|"
    r"prize challenge)\b",
    re.IGNORECASE,
)
CHALLENGE = re.compile(r"\bchallenge\b", re.IGNORECASE)
WON = re.compile(r"\b(wins?|won|winners?|winning|awarded|receives?|received)\b", re.IGNORECASE)
MONEY = re.compile(
    r"[$€£¥]\s?\d|\b\d[\d.,]*\s?(k|m|thousand|million)?\s?(dollars|euros|pounds|usd|eur|gbp|chf)\b",
    re.IGNORECASE,
)
CALL = re.compile(
    r"\b(deadline|submit|submissions?|submitting|apply (by|now|here|before)|applications? "
    r"(are|is|due|open|close)|ends on|closes?|open until|enter by|register|entries|"
    r"(first|final|warm-up) round)\b",
    re.IGNORECASE,
)
RESEARCH_URL = re.compile(
    r"//([\w-]+\.)*(arxiv\.org|openreview\.net|doi\.org|biorxiv\.org|medrxiv\.org|ssrn\.com|"
    r"aclanthology\.org|mlr\.press|jmlr\.org|neurips\.cc|nips\.cc|thecvf\.com|dl\.acm\.org|"
    r"ieeexplore\.ieee\.org|pnas\.org/doi|nature\.com/articles|science\.org/doi|"
    r"link\.springer\.com/(article|chapter)|sciencedirect\.com/science/article|"
    r"semanticscholar\.org/paper|papers\.ssrn\.com|par\.nsf\.gov)|/10\.\d{4,9}/",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Presented:
    """What is known of an entry when its kind is told."""

    headline: str
    body: str
    titled: bool
    has_commentary: bool
    primary_urls: tuple[str, ...]
    topic: str | None
    section: SectionName | None
    in_news: bool  # its section, or one around it, is called News

    def is_research(self) -> bool:
        return any(RESEARCH_URL.search(url) for url in self.primary_urls)


def kind_of(entry: Presented) -> str:
    if entry.titled and is_opportunity(entry):
        return "opportunity"
    if entry.section and entry.section.offers and offers_prize(entry):
        return "opportunity"
    if entry.topic == "other":
        if entry.in_news or not entry.titled:
            return "news"
        return "feature" if entry.is_research() and entry.has_commentary else "news"
    if entry.in_news:
        return "news"
    if entry.titled:
        return "feature" if entry.has_commentary else "brief"
    if entry.section is None:
        return "brief" if entry.is_research() else "news"
    return "brief"


def offers_prize(entry: Presented) -> bool:
    """Where prizes are expected, a line is enough: what it is called, and money or a call."""
    text = f"{entry.headline}. {entry.body}"
    named = PRIZE.search(text) or CHALLENGE.search(text)
    return bool(named and (MONEY.search(text) or CALL.search(text)) and not WON.search(text))


def is_opportunity(entry: Presented) -> bool:
    """A prize or competition presented as such, not a work that mentions one."""
    money, call = MONEY.search(entry.body), CALL.search(entry.body)
    if not WON.search(entry.headline):
        if PRIZE.search(entry.headline) and (money or call or MONEY.search(entry.headline)):
            return True
        if CHALLENGE.search(entry.headline) and money and call:
            return True
    if not call or entry.is_research():
        return False
    ends = [0, *sentence_ends(entry.body), len(entry.body)]
    sentences = (entry.body[a:b] for a, b in pairwise(ends))
    return any(PRIZE.search(s) and MONEY.search(s) and not WON.search(s) for s in sentences)
