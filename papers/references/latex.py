"""LaTeX to Unicode, by pylatexenc; what it does not know stays as written, and nothing runs."""

import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)
from pylatexenc.latexwalker import LatexWalker
from pylatexenc.latexwalker import get_default_latex_context_db as get_default_parsing_db
from pylatexenc.macrospec import MacroSpec

DEEPEST = 50

_NEEDS_READING = re.compile(r"[\\$~]|--|``|''|[!?]`")
_BRACES = str.maketrans("", "", "{}")
# Legal in a bibliography's text, but more than text to a LaTeX parser.
_UNESCAPED = re.compile(r"(?<!\\)([%&#])")
_MATH = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.)*)\$", re.DOTALL)
_TOKEN = re.compile(r"\\.|[{}]", re.DOTALL)
# A command takes the spaces behind it.
_MARK = re.compile(r"\\(?:[A-Za-z]+|.)\s*|[{}]|\s+", re.DOTALL)
_VERBATIM_ESCAPE = re.compile(r"\\([_%#&~{}$])")
_URL_MACRO = re.compile(r"\\(?:url|path|nolinkurl|texttt)\s*\{(.*)\}", re.DOTALL)

# Pictures of words and letters that the library's tables leave out or draw otherwise.
_SYMBOLS = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textasciigrave": "`",
    "textquotesingle": "'",
    "textquotedbl": '"',
    "textbraceleft": "{",
    "textbraceright": "}",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "BibTeX": "BibTeX",
    "slash": "/",
    "newblock": "",
    "protect": "",
    "ensuremath": "",
    "relax": "",
    "noopsort": "",
}
# Commands that would do something, were this ever typeset.
_COMMAND = re.compile(
    r"\\(?:input|include|includegraphics|write|immediate|openin|openout|read|catcode|def|csname)"
    r"(?![A-Za-z])\d*\s*(?:\{[^{}]*\})?"
)

logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it is read as well as it can be


def decode_latex(text: str) -> str:
    """The text as a reader sees it."""
    if not _NEEDS_READING.search(text):
        return text.translate(_BRACES) if "{" in text or "}" in text else text
    if depth_of(text) > DEEPEST:
        return text
    return _decoded(text)


def latex_in(text: str) -> int:
    """How many of its characters take long to read: 10 to 30 µs each."""
    if not _NEEDS_READING.search(text):
        return 0
    return sum(len(part) for part, is_latex in _parts(text) if is_latex)


def plain_address(text: str) -> str:
    """An address or identifier: only what LaTeX needs escaped in one is taken back."""
    text = text.strip()
    if macro := _URL_MACRO.search(text):
        text = macro[1]
    text = text.replace("\\textasciitilde{}", "~").replace("\\textasciitilde", "~")
    text = text.replace("{\\_}", "_").replace("{\\textunderscore}", "_").replace("$\\sim$", "~")
    text = _VERBATIM_ESCAPE.sub(r"\1", text)
    return text.translate(_BRACES).strip().strip("<>").strip()


def depth_of(text: str) -> int:
    depth = deepest = 0
    for mark in _TOKEN.findall(text):
        if mark == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark == "}":
            depth -= 1
    return deepest


@lru_cache(maxsize=4096)
def _decoded(text: str) -> str:
    text = text.replace("\ue000", "").replace("\ue001", "")
    prepared = _UNESCAPED.sub(r"\\\1", text)
    if prepared.replace("\\$", "").count("$") % 2:
        prepared = re.sub(r"(?<!\\)\$", r"\\$", prepared)  # a price, not a formula
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return f"\ue000{len(kept) - 1}\ue001"

    prepared = _MATH.sub(lambda match: keep(_formula(match[0], match[1])), prepared)
    prepared = _COMMAND.sub(lambda match: keep(match[0]), prepared)
    shown = "".join([_read(part) if is_latex else part for part, is_latex in _parts(prepared)])
    return re.sub("\ue000(\\d+)\ue001", lambda match: kept[int(match[1])], shown)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in parts, and whether a part needs reading: the library takes 5 µs a character."""
    if "\\begin" in text:
        yield text, True
        return
    for is_latex, words in groupby(_words(text), lambda word: bool(_NEEDS_READING.search(word))):
        part = "".join(words)
        yield (part, True) if is_latex else (part.translate(_BRACES), False)


def _words(text: str) -> Iterator[str]:
    """What stands between spaces, with the space behind it; no group and no command is torn."""
    start = depth = 0
    for mark in _MARK.finditer(text):
        sign = mark[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and sign[0] != "\\":
            yield text[start : mark.end()]
            start = mark.end()
    yield text[start:]


@lru_cache(maxsize=16_384)
def _read(text: str) -> str:
    try:
        walker = LatexWalker(text, latex_context=_PARSING, tolerant_parsing=True)
        nodes, _, _ = walker.get_latex_nodes()
        return _READER.nodelist_to_text(nodes)
    except Exception:
        # What the library cannot read it reports in many ways; the text is none the worse for it.
        logging.getLogger(__name__).debug("LaTeX left as it is: %.200s", text, exc_info=True)
        return text


def _formula(whole: str, inner: str) -> str:
    """A formula of symbols alone is text; any other stays as its author wrote it."""
    symbols = _SYMBOL.sub(lambda match: _GREEK.get(match[1], match[0]), inner)
    return symbols if re.fullmatch(r"[^\\^_{}$]*", symbols) else whole.replace("\\%", "%")


_SYMBOL = re.compile(r"\\([A-Za-z]+)[ ]?")
_GREEK_LETTERS = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma
sigma tau upsilon phi chi psi omega
"""
_GREEK = {
    **{name: chr(code) for code, name in enumerate(_GREEK_LETTERS.split(), start=0x3B1)},
    "ell": "ℓ",
    "infty": "∞",
    "times": "×",
    "pm": "±",
    "to": "→",
    "rightarrow": "→",
    "leq": "≤",
    "geq": "≥",
    "approx": "≈",
    "sim": "~",
    "cdot": "·",
    "dots": "…",
    "ldots": "…",
}


def _as_written(node) -> str:
    return node.latex_verbatim()


def _reading_context():
    context = get_default_latex_context_db()
    macros = [MacroTextSpec(name, simplify_repl=text) for name, text in _SYMBOLS.items()]
    macros += [
        MacroTextSpec("url", simplify_repl="%s"),
        MacroTextSpec("href", simplify_repl="%(2)s"),
    ]
    context.add_context_category("references", prepend=True, macros=macros)
    context.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_as_written))
    context.set_unknown_environment_spec(None)
    return context


def _parsing_context():
    context = get_default_parsing_db()
    macros = [MacroSpec("href", "{{"), MacroSpec("url", "{")]
    context.add_context_category("references", prepend=True, macros=macros)
    return context


_PARSING = _parsing_context()
_READER = LatexNodes2Text(
    latex_context=_reading_context(), math_mode="verbatim", keep_comments=True
)
