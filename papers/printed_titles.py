"""Titles as newsletters print them: what a link or a headline calls a work, without its tags."""

import re

# Parts of a bracket behind a title that say in what form the work is had, not what it is called.
FORMAT = (
    r"(?:\d+|a|one)[ -]?min(?:ute)?s?(?:[ -]read)?|(?:[\w-]+ )?(?:github|gitlab)(?: repo)?|"
    r"(?:git ?hub )?repo(?:sitory)?|arxiv(?:[ .:]?[\d.v]+)?|open ?review|pdf|html|preprint|"
    r"(?:technical |research )?papers?|web ?site|web ?page|blog(?: ?post)?|post|article|links?|"
    r"code|videos?|youtube|(?:twitter |x )?thread|tweet|slides|podcast|demo|product launch|"
    r"hugging ?face(?: (?:hub|space|repo))?"
)
TAG = re.compile(
    rf"\s*[(\[](?:[^()\[\]]{{1,60}}[,;|] ?)?(?:{FORMAT})(?:[,;|] ?[^()\[\]]{{1,60}})?[)\]]\W*$",
    re.IGNORECASE,
)
LED = re.compile(r"(?:paper|preprint|arxiv|report|pdf)\s?: +(?=\S)", re.IGNORECASE)
# A label that begins so points at the work or speaks of it.
POINTS = re.compile(
    r"(?:read|see|watch|get|find|view|download|check|click|learn|more|full|here|link|access|try|"
    r"this|these|their|our|its|his|her|my|we|i|it|they|he|she|in|from|on|"
    r"(?:the|a|an|new|recent|another)(?: [\w-]+){0,2} (?:paper|papers|post|report|article|study|"
    r"preprint|work|blog|website|code|survey|thread|essay|link|pdf|version|story|announcement))\b",
    re.IGNORECASE,
)
MOST_WORDS = 30


def without_tags(title: str) -> str:
    """The title without "(18 minute read)", "(GitHub Repo)", "[PDF]" at its end."""
    while (shorter := TAG.sub("", title)) and shorter != title:
        title = shorter
    return title


def title_in_label(label: str) -> str | None:
    """The title a link's words are, or None where they only point at the work."""
    led = LED.match(label)
    title = without_tags(label[led.end() :] if led else label)
    words = title.split()
    if led:
        return title
    if not 3 <= len(words) <= MOST_WORDS or POINTS.match(title) or "://" in title:
        return None
    begins = title.lstrip("“‘\"'([")[:1]
    return title if begins.isupper() or begins.isdigit() else None
