"""Markdown from people and newsletters -> HTML that may stand on our pages."""

import hashlib
import logging
import secrets
from collections.abc import Mapping, Sequence

import markdown
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from markdown.extensions import Extension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension

from .density import NEWSLETTER_CAPS, NOTE_CAPS, Caps
from .images import figure_html
from .math import Math
from .mentions import Mentions
from .sanitise import NEWSLETTER_REL, NOTE_REL, sanitise
from .text import clean_text
from .tree import OwnFootnotes, OwnTree

__all__ = ["figure_html", "plain_text", "render_markdown", "render_newsletter"]

logger = logging.getLogger(__name__)

# A page has its h1, a list its h2, an entry its h3: what somebody writes starts below.
FIRST_HEADING = 4

type Figure = tuple[int, int, str]


def render_markdown(
    text: str, *, first_heading: int = FIRST_HEADING, mentions: Mapping[str, str] | None = None
) -> SafeString:
    """A note, description or abstract of up to 50,000 characters; over the caps it stays text.

    Formulas stay as they are typed. `mentions` are paths of ours by the keys that lead there where
    they stand in the text as `@key`.
    """
    marked = Mentions(mentions or {})
    own = (Math(), marked)
    html = _safe_html(clean_text(text), NOTE_CAPS, NOTE_REL, first_heading, extensions=own)
    if html is None:
        return plain_text(text)
    return mark_safe(marked.put_in(html))  # noqa: S308 -- sanitised; links escaped


def render_newsletter(
    text: str, figures: Sequence[Figure] = (), *, first_heading: int = FIRST_HEADING
) -> SafeString:
    """An imported text of up to 500,000 characters, for display; the source stays as it is.

    Each figure (start, end, html) names a span of the text, its image and caption, which the
    ready-made HTML replaces as a block of its own. HTML that isn't marked safe is escaped.
    """
    swapped, blocks = _swap_figures(text, figures)
    html = _safe_html(
        clean_text(swapped), NEWSLETTER_CAPS, NEWSLETTER_REL, first_heading, frozenset(blocks)
    )
    if html is None:
        return plain_text(text)
    return mark_safe(_put_figures_in(html, blocks))  # noqa: S308 -- sanitised; figures escaped


def plain_text(text: str) -> SafeString:
    """The text as it came, for what must not or could not be rendered."""
    shown = f'<pre class="plain-text">{escape(clean_text(text))}</pre>'
    return mark_safe(shown)  # noqa: S308 -- escaped in the line above


def _safe_html(
    text: str,
    caps: Caps,
    rel: str,
    first_heading: int,
    placeholders: frozenset[str] = frozenset(),
    extensions: Sequence[Extension] = (),
) -> str | None:
    """Sanitised HTML, or None for a text that isn't to be parsed or that the parser fails on."""
    surplus = caps.exceeded_by(text)
    if surplus:
        logger.warning("Markdown shown as plain text: %s", surplus)
        return None
    try:
        return sanitise(_parse(text, first_heading, placeholders, extensions), rel=rel)
    except Exception:  # the parser has raised on hostile text before (CVE-2025-69534): never a 500
        logger.exception("Markdown shown as plain text: rendering failed")
        return None


def _parse(
    text: str, first_heading: int, placeholders: frozenset[str], extensions: Sequence[Extension]
) -> str:
    # Several texts share a page: each text's footnotes need ids of their own, and stable ones.
    prefix = hashlib.blake2s(text.encode(), digest_size=4).hexdigest()
    parser = markdown.Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            FencedCodeExtension(),
            SaneListExtension(),
            OwnFootnotes(prefix),
            OwnTree(first_heading, placeholders),
            *extensions,
        ],
        output_format="html",
    )
    return parser.convert(text)


def _swap_figures(text: str, figures: Sequence[Figure]) -> tuple[str, dict[str, str]]:
    """Placeholders nobody can write beforehand in place of the spans, and what each stands for."""
    pieces: list[str] = []
    blocks: dict[str, str] = {}
    position = 0
    for start, end, html in sorted(figures, key=lambda figure: figure[:2]):
        if not position <= start <= end <= len(text):
            logger.warning("Figure left out: its span overlaps another or leaves the text")
            continue
        # The brackets let an emphasis begin or end beside it, as it could beside the image.
        placeholder = f"⟦{secrets.token_hex(16)}⟧"
        blocks[placeholder] = conditional_escape(html)
        pieces += [text[position:start], placeholder]
        position = end
    return "".join([*pieces, text[position:]]), blocks


def _put_figures_in(html: str, blocks: dict[str, str]) -> str:
    """A figure whose span stood where no block can be (in code, in an address) goes to the end."""
    for placeholder, figure in blocks.items():
        paragraph = f"<p>{placeholder}</p>"
        if paragraph in html:
            html = html.replace(paragraph, figure, 1)
        else:
            html = html.replace(placeholder, "") + figure
    return html
