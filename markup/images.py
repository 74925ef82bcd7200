"""Images of an issue: a captioned link, or a figure once there is a copy of our own."""

import re
from urllib.parse import urlsplit

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from .sanitise import NEWSLETTER_REL
from .text import clean_line
from .urls import clean_url

_OWN_PATH = re.compile(r"/(?![/\\])[^\s\\\"'<>]*")
_FILE_NAME = re.compile(r"\S+\.(?:avif|bmp|gif|jpe?g|png|svg|tiff?|webp)", re.IGNORECASE)
_LONGEST_WORD = 40


def figure_html(
    url: str,
    alt: str = "",
    caption: str = "",
    link_url: str | None = None,
    local_url: str | None = None,
    width: int | None = None,
    height: int | None = None,
) -> SafeString:
    """A figure with its caption. Without a local copy nothing is loaded: the image is a link."""
    target = clean_url(link_url or "") or clean_url(url or "")
    if local_url and _OWN_PATH.fullmatch(local_url):
        image = _local_image(local_url, readable_alt(alt) or clean_line(caption), width, height)
        inside = _link(target, image) if target else image
        return _figure("figure", inside, caption)
    label = image_label(alt, target)
    return _figure("figure figure-link", _link(target, label) if target else label, caption)


def image_label(alt: str, url: str | None) -> str:
    """What an image that isn't shown is called, with the site it would be seen on."""
    host = urlsplit(url).hostname if url else None
    readable = readable_alt(alt)
    label = f"Image: {readable}" if readable else "Image"
    return f"{label} ({host})" if host else label


def readable_alt(alt: str) -> str:
    """The alternative text, unless it is a file's name or a hash, which nobody wants read out."""
    line = clean_line(alt or "")
    if _FILE_NAME.fullmatch(line) or any(len(word) > _LONGEST_WORD for word in line.split()):
        return ""
    return line


def _figure(css_class: str, inside: str, caption: str) -> SafeString:
    if not (caption or "").strip():
        return format_html('<figure class="{}">{}</figure>', css_class, inside)
    return format_html(
        '<figure class="{}">{}<figcaption>{}</figcaption></figure>',
        css_class,
        inside,
        conditional_escape(caption),
    )


def _link(url: str, inside: str) -> SafeString:
    return format_html('<a href="{}" rel="{}">{}</a>', url, NEWSLETTER_REL, inside)


def _local_image(url: str, alt: str, width: int | None, height: int | None) -> SafeString:
    size = (
        format_html(' width="{}" height="{}"', int(width), int(height)) if width and height else ""
    )
    return format_html(
        '<img src="{}" alt="{}"{} loading="lazy" decoding="async">', url, alt or "Image", size
    )
