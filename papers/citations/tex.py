"""Plain text as BibTeX and LaTeX read it; UTF-8 stays as it is."""

import re

_SPECIAL = {
    "\\": r"{\textbackslash}",
    # Not \{ and \}: BibTeX itself counts braces, escaped or not.
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "#": r"\#",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "_": r"\_",
}
# Two signs that TeX would join into another: a dash, a quotation mark, a Spanish mark.
_LIGATURES = r"-(?=-)|`(?=`)|'(?=')|,(?=,)|<(?=<)|>(?=>)|[?!](?=`)"
_TO_ESCAPE = re.compile(r"[\\{}~^#$%&_]|" + _LIGATURES)
_TO_LOOK_AT = re.compile(r"[\\{}~^#$%&_`]|--|''|,,|<<|>>")

_WORD = re.compile(r"[^\s\-–—/]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_TOLD_BY = 4
_PARAGRAPH = re.compile(r"\n\s*\n")


def escape_tex(text: str) -> str:
    if not _TO_LOOK_AT.search(text):
        return text
    return _TO_ESCAPE.sub(lambda match: _SPECIAL.get(match[0], match[0] + "{}"), text)


def escape_title(title: str) -> str:
    """With capitals in braces that a style must not make small: {GPT}-4, {ImageNet}, {Bayes}."""
    if title.islower():
        return escape_tex(title)
    names_are_capital = _is_sentence_case(title)
    pieces, end = [], 0
    for word in _WORD.finditer(title):
        pieces.append(escape_tex(title[end : word.start()]))
        pieces.append(_protected(word[0], names_are_capital and _stands_inside(title, word)))
        end = word.end()
    return "".join([*pieces, escape_tex(title[end:])])


def escape_prose(text: str) -> str:
    """Paragraphs; none begins with @, by which parsers that mend files know the next entry."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in _PARAGRAPH.split(text))
    escaped = (escape_tex(paragraph) for paragraph in paragraphs if paragraph)
    return "\n\n".join("{}" + text if text.startswith("@") else text for text in escaped)


def _protected(word: str, is_name: bool) -> str:
    core = _LETTERS.search(word)
    if core is None:
        return escape_tex(word)
    letters = "".join(_LETTERS.findall(word))
    if not (_has_capital_inside(letters) or (is_name and letters[0].isupper())):
        return escape_tex(word)
    start = core.start()
    end = max(match.end() for match in _LETTERS.finditer(word))
    return f"{escape_tex(word[:start])}{{{escape_tex(word[start:end])}}}{escape_tex(word[end:])}"


def _has_capital_inside(letters: str) -> bool:
    """As in ImageNet and GPT; of single letters as in Q-learning, but the article."""
    if len(letters) == 1:
        return letters.isupper() and letters != "A"
    return letters[1:] != letters[1:].lower()


def _is_sentence_case(title: str) -> bool:
    """Whether longer words behind the first are mostly small: then capital ones are names."""
    words = [word for word in _LETTERS.findall(title)[1:] if len(word) >= _SHORTEST_TOLD_BY]
    small = sum(word[0].islower() for word in words)
    return small > len(words) - small


def _stands_inside(title: str, word: re.Match[str]) -> bool:
    """Neither at the beginning nor behind a colon, a full stop or a dash."""
    before = title[: word.start()].rstrip()
    return bool(before) and before[-1] not in ":.?!-–—"
