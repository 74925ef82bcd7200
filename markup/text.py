"""One cleaner for every text that is derived from what comes in; the original is kept elsewhere."""

import re
import unicodedata

# The letters that NFKD does not take apart, so folding would lose them.
_FOLDED_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L",
        "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T", "ſ": "s",
    }
)  # fmt: skip

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Control characters but \n and \t, surrogates, and the noncharacters XML and databases refuse.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
# Everything that reorders what stands around it; shown, because a hidden one can spoof a title.
_BIDI_MARKS = {
    "\u202a": "⟦LRE⟧",
    "\u202b": "⟦RLE⟧",
    "\u202c": "⟦PDF⟧",
    "\u202d": "⟦LRO⟧",
    "\u202e": "⟦RLO⟧",
    "\u2066": "⟦LRI⟧",
    "\u2067": "⟦RLI⟧",
    "\u2068": "⟦FSI⟧",
    "\u2069": "⟦PDI⟧",
}
_BIDI_TABLE = str.maketrans(_BIDI_MARKS)
_ZERO_WIDTH = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff]")
_JOINERS = re.compile("([^\u200c\u200d]?)([\u200c\u200d]+)(?=(.?))", re.DOTALL)
_WHITE_SPACE = re.compile(r"\s+")
# Letters by category, but drawn as nothing.
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def has_lone_surrogate(text: str) -> bool:
    """Python's json lets them through; no database and no UTF-8 file takes them."""
    return _SURROGATES.search(text) is not None


def has_bidi_control(text: str) -> bool:
    return any(mark in text for mark in _BIDI_MARKS)


def has_visible_text(text: str) -> bool:
    """Whether a reader sees anything: white space, zero-width and blank letters do not count."""
    return any(
        unicodedata.category(char)[0] not in "ZCM" and char not in _BLANK_LETTERS for char in text
    )


def clean_text(text: str) -> str:
    """Text of several lines: NFC, LF, nothing a feed, a database or a terminal would choke on."""
    text = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", text))


def clean_line(text: str) -> str:
    """Text of one line, for titles and labels: white space collapsed, hidden reordering shown."""
    text = clean_text(text).translate(_BIDI_TABLE)
    text = unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text))
    text = unicodedata.normalize("NFC", _JOINERS.sub(_keep_working_joiner, text))
    return _WHITE_SPACE.sub(" ", text).strip()


def fold_letters(text: str) -> str:
    """Latin letters that decompose into nothing, written as those they stand for: ø is o."""
    return text.translate(_FOLDED_LETTERS)


def ascii_fold(text: str) -> str:
    """Latin letters without their marks; what has no ASCII form is left out."""
    decomposed = unicodedata.normalize("NFKD", fold_letters(text))
    return decomposed.encode("ascii", "ignore").decode("ascii")


def _keep_working_joiner(match: re.Match[str]) -> str:
    """Persian and emoji need a joiner between two characters; beside ASCII it only hides."""
    before, joiners, after = match.groups()
    works = all(char and not char.isascii() and not char.isspace() for char in (before, after))
    return before + joiners[0] if works else before
