"""Reads our HTML as a browser would, and says what must not stand in it."""

from html.parser import HTMLParser

from markup.sanitise import TAGS
from markup.urls import clean_url

_ATTRIBUTES = {"href", "rel", "id", "class", "align", "start"}


class _Reader(HTMLParser):
    def __init__(self, extra_tags: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed = TAGS | extra_tags
        self.faults: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.allowed and (tag, attrs) != ("pre", [("class", "plain-text")]):
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in _ATTRIBUTES:
                self.faults.append(f"{tag} {name}={value!r}")
            if name == "href" and not value.startswith("#fn") and clean_url(value) != value:
                self.faults.append(f"href={value!r}")

    def handle_comment(self, data):
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.faults.append(f"<!{decl}>")

    def unknown_decl(self, data):
        self.faults.append(f"<![{data}]>")

    def handle_pi(self, data):
        self.faults.append(f"<?{data}>")

    def handle_data(self, data):
        self.text.append(data)


def faults_in(html: str, *extra_tags: str) -> list[str]:
    return _read(html, extra_tags).faults


def text_of(html: str) -> str:
    return "".join(_read(html).text)


def _read(html: str, extra_tags: tuple[str, ...] = ()) -> _Reader:
    reader = _Reader(frozenset(extra_tags))
    reader.feed(html)
    reader.close()
    return reader
