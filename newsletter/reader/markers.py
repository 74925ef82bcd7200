"""Links that only point at the work ("[Paper]", "Website: …"), told by label and by form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from newsletter.reader.pieces import Inline, Piece, plain

LABELS = {
    "primary": (
        "link|links|paper|papers|pdf|arxiv|preprint|report|full report|post|blog|blog post|"
        "blogpost|announcement|read more|read more here|read on|learn more|more|more here|"
        "read the paper|read the full paper|read paper|read post|read it|read it here|"
        "full paper|full story|full post|source|publication|abstract|abs|summary|thread|tweet|"
        "original|here|read here|details|openreview|doi|download|apply|apply here|apply now"
    ),
    "video": "video|videos|youtube|youtube video|talk|recording|watch|watch here|lecture|podcast",
    "code": "code|github|repo|repository|implementation|source code|code here|github repo",
    "website": "website|site|web site|homepage|home page|project page|project|web page|webpage",
    "article": "article|articles|full article|read article|read the article",
}
ROLE_OF_LABEL = {label: role for role, row in LABELS.items() for label in row.split("|")}
# Short labels made of these words say what they lead to wherever they stand.
VIDEO_WORDS = {"video", "videos", "youtube", "talk"}
VIDEO_COMPANY = {"watch", "the", "a", "this", "full", "see", "on", "our", "their", "recording"}
CODE_WORDS = {"code", "github", "implementation", "repository", "repo", "gitlab"}
ARTICLE_WORDS = {"article", "articles"}
PRIMARY_WORDS = {"paper", "more", "report", "post", "blog", "full", "arxiv", "story", "preprint"}
WORDS_OF_ROLES = (
    ("video", VIDEO_WORDS),
    ("code", CODE_WORDS),
    ("article", ARTICLE_WORDS),
    ("primary", PRIMARY_WORDS),
)
SHARE_LABEL = re.compile(
    r"(share|subscribe|subscribe (now|here|for free)|share (this|.{0,60})|leave a comment|"
    r"(upgrade|get \d+% off|give a gift).{0,40}|refer a friend|unsubscribe|sign up( here| now)?|"
    r"forward (this|to a friend).{0,20}|tweet this|follow us.{0,20}|"
    r"(manage|update|change) (your )?((email|mail) )?(preferences|subscription)|"
    r"view (online|in browser|this email).{0,30}|view in your browser|advertise.{0,20})\W*",
    re.IGNORECASE,
)
# These say so even in the words of a sentence: "If you want no more of these, unsubscribe."
STANDING_REQUEST = re.compile(
    r"(unsubscribe( here)?|(manage|update|change) (your )?((email|mail) )?"
    r"(preferences|subscription)|advertise( (here|with us))?|subscribe( (now|here|for free))?|"
    r"view (online|in browser|in your browser)|share (this|it) with .{0,40})\W*",
    re.IGNORECASE,
)
SHARE_URL = re.compile(
    r"([?&]action=share|/subscribe([/?#]|$)|/unsubscribe|%%share_url%%|%%checkout_url%%|"
    r"(twitter|x)\.com/(intent|share)|facebook\.com/sharer|linkedin\.com/share)",
    re.IGNORECASE,
)
LEAD_WORD = re.compile(r"([^\W\d_][\w '’]{0,30}?)\s*[:：]\s*[*_]*\s*\Z")
LEAD_PHRASE = re.compile(
    r"(?:^|[.!?]\s+)\W*(?:read|get|find|see|watch|check out|access|download|view|try|learn)\b"
    r"(?P<what>[^.:!?]{0,50}?)(?:[:：]|\bhere)\s*[*_(\[]*\s*\Z",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"[\s#]*\d+\Z")
BARE_NUMBER = re.compile(r"\d{1,3}")
REACH = 12  # pieces looked at on either side of a link
BEFORE_MARKER, AFTER_MARKER = "([{|•·:,;—–/&.!?", ")]}|•·:,;—–/&."


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The text on the link's own line before and after it."""

    before: str
    after: str


def label_words(label: str) -> list[str]:
    return re.findall(r"\w+", label.casefold())


def bare_label(label: str) -> str:
    """The label without brackets around it."""
    while len(label) > 1 and label[0] in "[(" and label[-1] in "])":
        label = label[1:-1].strip()
    return label


def is_url(label: str) -> bool:
    """Whether a label is only an address: it titles nothing."""
    return label.startswith(("http://", "https://")) and " " not in label


def vocabulary_role(label: str) -> str | None:
    """The role a marker of this label has, if it is one of the labels markers use."""
    name = bare_label(label).casefold().strip(" .:>→»*_!")
    if BARE_NUMBER.fullmatch(name):
        return "primary"
    return ROLE_OF_LABEL.get(name) or ROLE_OF_LABEL.get(NUMBERED.sub("", name))


def role_by_words(label: str) -> str:
    """The role of a link known to be a marker, by what its label mentions."""
    words = set(label_words(label))
    if known := vocabulary_role(label):
        return known
    if words & VIDEO_WORDS:
        return "video"
    if words & CODE_WORDS:
        return "code"
    return "article" if words & ARTICLE_WORDS else "primary"


def says_video(label: str) -> bool:
    words = set(label_words(label))
    return bool(words & VIDEO_WORDS) and words <= VIDEO_WORDS | VIDEO_COMPANY


def says_article(label: str) -> bool:
    words = label_words(label)
    return bool(words) and len(words) <= 6 and words[-1] in ARTICLE_WORDS


def is_share(label: str, url: str) -> bool:
    return SHARE_LABEL.fullmatch(label.strip()) is not None or SHARE_URL.search(url) is not None


def is_standing_request(label: str) -> bool:
    return STANDING_REQUEST.fullmatch(label.strip()) is not None


def surroundings(inline: Inline, index: int) -> Surroundings:
    pieces = inline.pieces
    if index not in inline.link_places:
        return Surroundings("", "")
    first, last = inline.link_places[index]
    before = _texts(inline, _without_break(pieces, first))
    after = _texts(inline, pieces[last + 1 : last + 1 + REACH])
    return Surroundings("".join(reversed(before)), "".join(after))


def _without_break(pieces: list[Piece], first: int) -> Iterable[Piece]:
    """What stands before a link, back over a line break behind a colon: "Read more:"."""
    before = pieces[max(0, first - REACH) : first]
    while before and (before[-1].kind == "break" or not before[-1].text.strip()):
        if before[-1].kind == "break" and not plain(before).endswith((":", "：")):
            break
        before = before[:-1]
    return reversed(before if len(before) else pieces[first:first])


def _texts(inline: Inline, pieces: Iterable[Piece]) -> list[str]:
    """Texts up to a line break, an image, or another marker right beside."""
    texts: list[str] = []
    for piece in takewhile(lambda piece: piece.kind == "text", pieces):
        other = inline.link_text(piece.link) if piece.link is not None else ""
        if vocabulary_role(other) and not "".join(texts).strip(" *_"):
            break
        texts.append(piece.text)
    return texts


def is_bracketed(label: str, around: Surroundings) -> bool:
    inside = label.startswith("[") and label.endswith("]") and len(label) > 2
    return inside or (around.before.endswith("[") and around.after.startswith("]"))


def stands_apart(around: Surroundings) -> bool:
    """Whether the link is no part of a sentence's words on either side."""
    before, after = around.before.strip(" *_"), around.after.strip(" *_")
    return (not before or before[-1] in BEFORE_MARKER) and (not after or after[0] in AFTER_MARKER)


def lead_role(before: str) -> str | None:
    """The role given by the words before the link, as in "Website: …" or "Read more: …"."""
    before = before[-80:]
    if lead := LEAD_WORD.search(before):
        name = lead[1].strip().casefold()
        if role := ROLE_OF_LABEL.get(name):
            return role
    phrase = LEAD_PHRASE.search(before)
    words = set(label_words(phrase["what"])) if phrase else set()
    for role, told_by in WORDS_OF_ROLES:
        if words & told_by:
            return role
    return None


def marker_role(inline: Inline, index: int) -> str | None:
    """The role of a marker link; none if the link is part of the text."""
    if index not in inline.marker_roles:
        inline.marker_roles[index] = _marker_role(inline, index)
    return inline.marker_roles[index]


def _marker_role(inline: Inline, index: int) -> str | None:
    label = inline.link_text(index)
    around = surroundings(inline, index)
    if is_bracketed(label, around):
        return role_by_words(bare_label(label))
    is_here = label.casefold() in ("here", "this link")
    if role := lead_role(around.before + ("here" if is_here else "")):
        return role
    if is_url(label):
        return "primary" if not (around.before + around.after).strip(" *_.") else None
    role = vocabulary_role(label)
    if role is None:
        return None
    if stands_apart(around):
        return role
    starts_line = not around.before.strip(" *_") and label[:1].isupper()
    return role if starts_line and bare_label(label) in ("Link", "Paper", "PDF") else None


def only_links(inline: Inline) -> bool:
    """Whether nothing but links, brackets and separators is shown."""
    rest = plain(piece for piece in inline.pieces if piece.link is None)
    return bool(inline.links) and not any(char.isalnum() for char in rest)


def is_marker_line(inline: Inline) -> bool:
    """A line of nothing but markers, known by their labels or, all being short, by that."""
    if not only_links(inline) or inline.images:
        return False
    return all(
        marker_role(inline, index) or len(label_words(inline.link_text(index))) <= 3
        for index in range(len(inline.links))
    )


def points_at_work(inline: Inline) -> bool:
    """Whether a line is a marker and at most the words that lead to it: "Read more: …"."""
    if not inline.links or marker_role(inline, 0) is None:
        return False
    rest = plain(piece for piece in inline.pieces if piece.link is None)
    return is_marker_line(inline) or (len(inline.links) == 1 and len(label_words(rest)) <= 3)
