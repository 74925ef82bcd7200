"""CommonMark with tables, parsed so that every inline token knows where it stands.

markdown-it gives blocks their lines but inline tokens no offsets. The rules are wrapped to
note, in ``token.meta``, the span of the inline text each token was made from.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

type InlineRule = Callable[[StateInline, bool], bool]

# Deep enough for any text somebody wrote, shallow enough for Python's stack. What lies deeper is
# read again as plain inline text (blocks.py), so that no link is lost.
MAX_NESTING = 60
MAX_IMAGES_IN_IMAGES = 3
BRACKET = re.compile(r"!?\[")


class TrackedState(StateInline):
    """Inline state that knows where its pending text began, and where link labels end."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.text_start = 0
        self.labels: dict[int, tuple[int, bool]] = {}

    def append_pending(self, value: str) -> None:
        if not self.pending:
            self.text_start = self.pos
        super().append_pending(value)

    def pushPending(self) -> Token:
        token = super().pushPending()
        token.meta = {"start": self.text_start, "end": self.text_start + len(token.content)}
        return token


class TrackedInline(ParserInline):
    """Inline parser whose brackets are matched from the right.

    What stands to the right of a bracket is then known when the bracket is looked at, which
    keeps runs of brackets linear and off the call stack.
    """

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        state = TrackedState(src, md, env, tokens)
        depth = env.get("image_depth", 0)
        if depth > MAX_IMAGES_IN_IMAGES:
            state.push("text", "", 0).content = src
            return state.tokens
        env["image_depth"] = depth + 1
        self._tokenize_all(state)
        env["image_depth"] = depth
        return state.tokens

    def _tokenize_all(self, state: TrackedState) -> None:
        for bracket in reversed(list(BRACKET.finditer(state.src))):
            for pos in range(bracket.end() - 1, bracket.start() - 1, -1):
                state.pos = pos
                self.skipToken(state)
        state.pos = 0
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)


class TrackedMarkdown(MarkdownIt):
    """The parser: URLs stay as printed, and whatever is written as a link is one."""

    def __init__(self) -> None:
        super().__init__("commonmark")
        self.inline = TrackedInline()
        self.configure("commonmark", options_update={"maxNesting": MAX_NESTING})
        self.options["store_labels"] = True
        self.enable("table")
        # Joined texts would no longer be pieces of the source.
        self.disable(["text_join", "fragments_join"])
        self.helpers = SimpleNamespace(  # type: ignore[assignment]
            parseLinkLabel=find_label_end,
            parseLinkDestination=helpers.parseLinkDestination,
            parseLinkTitle=helpers.parseLinkTitle,
        )
        for rule in self.inline.ruler.__rules__:
            rule.fn = partial(_tracked, rule.fn)
        self.inline.ruler.__compile__()

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        return True


def _tracked(rule: InlineRule, state: StateInline, silent: bool) -> bool:
    """Run an inline rule and note the span of the tokens it made."""
    start, first = state.pos, len(state.tokens)
    if not rule(state, silent):
        return False
    if silent:
        return True
    fresh = [token for token in state.tokens[first:] if "start" not in token.meta]
    delimiters = bool(fresh) and all(token.type == "text" for token in fresh)
    for index, token in enumerate(fresh):
        if delimiters:  # a run of * or _ makes a token a character
            span = {"start": start + index, "end": start + index + 1}
        else:
            span = {"start": start, "end": state.pos}
        token.meta = {**token.meta, **span}
    return True


def find_label_end(state: TrackedState, start: int, disableNested: bool = False) -> int:
    """Where the bracket at ``start`` closes, or -1; each bracket is matched once."""
    if start not in state.labels:
        state.labels[start] = _match_bracket(state, start)
    end, holds_link = state.labels[start]
    if end >= state.posMax or (disableNested and holds_link):
        return -1
    return end


def _match_bracket(state: TrackedState, start: int) -> tuple[int, bool]:
    came_from, holds_link = state.pos, False
    pos, end = start + 1, -1
    while pos < state.posMax:
        char = state.src[pos]
        if char == "]":
            end = pos
            break
        state.pos = pos
        state.md.inline.skipToken(state)
        if char == "[":
            if state.pos == pos + 1:  # a bracket that is only text: leap over what it encloses
                inner_end = find_label_end(state, pos)
                if inner_end < 0:
                    break
                holds_link = holds_link or state.labels[pos][1]
                state.pos = inner_end + 1
            else:
                holds_link = True
        pos = state.pos
    state.pos = came_from
    return end, holds_link


@cache
def parser() -> TrackedMarkdown:
    return TrackedMarkdown()
