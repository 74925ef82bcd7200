"""The forms paragraphs take: titles, lead-ins, lines of markers, boilerplate."""

import re
from dataclasses import dataclass

from newsletter.reader.blocks import Block
from newsletter.reader.markers import (
    is_marker_line,
    is_url,
    label_words,
    marker_role,
    vocabulary_role,
)
from newsletter.reader.pieces import Inline, Piece, plain
from newsletter.reader.sentences import drop_full_stop

# What sets a linked title off from the text after it; a bracket does if it names somebody.
SEPARATOR = re.compile(r"\s*(?:[:：–—|]|-\s|\((?=[A-Z]|by |via |h/t|summari[sz]ed)|by\s)")
# Who made the work that a linked title names: "*(Jane Doe et al)* (summarized by Rohin): …".
ATTRIBUTION = re.compile(r"\s*(?:\([^()]{2,120}\)\s*){1,3}[:：]")
MAX_TITLE_WORDS = 45


@dataclass(slots=True)
class Lead:
    """A title at the head of a paragraph whose text goes on."""

    form: str  # link, bold link, bold, bold colon, bold line
    title: str
    end: int  # where the commentary begins
    links: tuple[int, ...]


def sole_inline(block: Block) -> Inline | None:
    if block.kind in ("paragraph", "html") and len(block.inlines) == 1:
        return block.inlines[0]
    return None


def shown(pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.text.strip() or piece.kind == "image"]


def bold_title(block: Block) -> str | None:
    """The text of a paragraph that is bold from end to end and no line of markers."""
    inline = sole_inline(block)
    if inline is None or inline.images:
        return None
    pieces = shown(inline.pieces)
    if not pieces or not all(piece.bold for piece in pieces) or is_marker_line(inline):
        return None
    text = inline.text()
    if vocabulary_role(text.rstrip(":： ")) and not inline.links:  # "Read more:" before a link
        return None
    return text if len(text.split()) <= MAX_TITLE_WORDS else None


def link_title(block: Block) -> str | None:
    """The text of a paragraph that is one link from end to end, and no marker."""
    inline = sole_inline(block)
    if inline is None or inline.images or len(inline.links) != 1:
        return None
    if any(piece.link is None and piece.text.strip(" *_.") for piece in shown(inline.pieces)):
        return None
    return None if marker_role(inline, 0) else inline.text()


def lead_of(block: Block) -> Lead | None:
    """The title a paragraph begins with, if its form sets one off from the text."""
    inline = sole_inline(block)
    if inline is None or inline.images:
        return None
    pieces = shown(inline.pieces)
    if not pieces or not (pieces[0].bold or pieces[0].link is not None):
        return None
    return _link_lead(inline, pieces) or _bold_lead(inline, pieces)


def _link_lead(inline: Inline, pieces: list[Piece]) -> Lead | None:
    link = pieces[0].link
    if link is None or vocabulary_role(inline.link_text(link)):
        return None
    last = inline.link_places[link][1]
    rest = inline.pieces[last + 1 :]
    title = inline.link_text(link)
    if not plain(rest) or title.startswith("[") or is_url(title):
        return None
    bold = all(piece.bold for piece in pieces if piece.link == link)
    follower = next(piece for piece in rest if piece.text.strip() or piece.kind == "break")
    end = max(inline.links[link].end, inline.pieces[last].end)
    if bold and not follower.bold:
        return Lead("bold link", title, end, (link,))
    set_off = follower.kind == "break" or follower.italic or SEPARATOR.match(follower.text)
    return Lead("link", title, end, (link,)) if set_off and not bold else None


def _bold_lead(inline: Inline, pieces: list[Piece]) -> Lead | None:
    run = 0
    while run < len(pieces) and pieces[run].bold and pieces[run].kind != "image":
        run += 1
    if run in (0, len(pieces)):
        return None
    lead, follower = pieces[:run], pieces[run]
    title = plain(lead)
    words = title.split()
    if len(words) > MAX_TITLE_WORDS or not any(char.isalnum() for char in title):
        return None
    links = tuple(dict.fromkeys(piece.link for piece in lead if piece.link is not None))
    if any(marker_role(inline, link) for link in links) or vocabulary_role(title.rstrip(":： ")):
        return None
    between = inline.pieces[inline.pieces.index(lead[-1]) + 1 : inline.pieces.index(follower)]
    own_line = any(piece.kind == "break" for piece in between)
    colon = title.endswith((":", "：")) or follower.text.lstrip().startswith((":", "："))
    if links:
        return Lead("bold link", title, lead[-1].end, links)
    if own_line or (colon and follower.italic and len(words) > 3):
        return Lead("bold line", title.rstrip(":： "), lead[-1].end, ())
    if colon:
        return Lead("bold colon", title.rstrip(":： "), lead[-1].end, ())
    finished = title[-1] in ".?!؟。" or follower.text.lstrip()[:1] in "–—-"
    return Lead("bold", drop_full_stop(title), lead[-1].end, ()) if finished else None


def names_work(block: Block, lead: Lead) -> bool:
    """Whether a paragraph's linked title is that of a work, its makers named behind it."""
    inline = sole_inline(block)
    if inline is None or lead.form not in ("link", "bold link"):
        return False
    last = inline.link_places[lead.links[-1]][1]
    return ATTRIBUTION.match(plain(inline.pieces[last + 1 :])) is not None


def is_list_of_links(block: Block) -> bool:
    if block.kind != "list" or not block.children:
        return False
    linked = sum(item.has_link() for item in block.children)
    return linked * 2 > len(block.children)


def has_long_label(block: Block) -> bool:
    inline = sole_inline(block)
    return inline is not None and any(
        len(label_words(inline.link_text(n))) > 3 for n in range(len(inline.links))
    )
