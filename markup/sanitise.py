"""The allow-list: what may stand in HTML made from somebody's text, and nothing else."""

import re

import nh3

from .urls import clean_url

# People's links earn nothing with search engines ("ugc"); an issue's own links are the authors'.
NOTE_REL = "nofollow ugc noopener noreferrer"
NEWSLETTER_REL = "nofollow noopener noreferrer"

# No img (nothing is loaded from elsewhere), no math, svg or style (mutation XSS), no forms.
TAGS = frozenset(
    {
        *("a", "br", "code", "em", "strong", "sup"),
        *("blockquote", "div", "hr", "li", "ol", "p", "pre", "ul"),
        *("h2", "h3", "h4", "h5", "h6"),
        *("table", "tbody", "td", "th", "thead", "tr"),
    }
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # else nh3 lets title and lang through
    "a": {"href"},
    "li": {"id"},
    "ol": {"start"},
    "sup": {"id"},
}
_ALIGNMENT = {"align": {"left", "center", "right"}}
_CLASSES = {"a": {"footnote-ref", "footnote-backref"}, "div": {"footnote"}}
_OWN_ID = re.compile(r"fn(?:ref\d*)?-[0-9a-z-]{1,120}")
_NUMBER = re.compile(r"\d{1,9}")


def sanitise(html: str, *, rel: str = NOTE_REL) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        tag_attribute_values={"td": _ALIGNMENT, "th": _ALIGNMENT},
        allowed_classes=_CLASSES,
        attribute_filter=_filter_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=rel,
    )


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    match name:
        case "href":
            is_own_anchor = value.startswith("#") and _OWN_ID.fullmatch(value[1:])
            return value if is_own_anchor else clean_url(value)
        case "id":
            return value if _OWN_ID.fullmatch(value) else None
        case "start":
            return value if _NUMBER.fullmatch(value) else None
    return value
