"""Where sentences end, in any script."""

import re

CLOSERS = "”’\"'»)\\]"
OPENERS = "“‘\"'«(\\[¿¡"
FULL_STOPS = ".?!…؟۔。？！"
END = re.compile(rf"[{FULL_STOPS}][{CLOSERS}]*(?=\s+(\S))")
FINAL = re.compile(rf"[{FULL_STOPS}][{CLOSERS}]*\s*\Z")
ABBREVIATIONS = {
    *("e.g", "i.e", "vs", "al", "etc", "cf", "dr", "mr", "mrs", "ms", "prof", "fig", "figs"),
    *("no", "nos", "approx", "st", "jr", "sr", "inc", "ltd", "co", "dept", "eq", "sec", "vol"),
}
LAST_WORD = re.compile(r"[^\s(\[“‘\"«]*\Z")


def sentence_ends(text: str) -> list[int]:
    """The offsets behind each sentence but the last."""
    return [found.end() for found in END.finditer(text) if _is_end(text, found)]


def first_sentence(text: str) -> str:
    for found in END.finditer(text):
        if _is_end(text, found):
            return text[: found.end()]
    return text


def has_sentence_end(text: str) -> bool:
    """Whether some sentence comes to its end in this text."""
    return FINAL.search(text) is not None or any(
        _is_end(text, found) for found in END.finditer(text)
    )


def drop_full_stop(text: str) -> str:
    """The text without one final full stop; an ellipsis stays."""
    return text[:-1] if text.endswith((".", "۔", "。")) and not text.endswith("..") else text


def _is_end(text: str, found: re.Match[str]) -> bool:
    if not any(char.isalpha() for char in text[max(0, found.start() - 200) : found.start()]):
        return False  # "7/13. Meeting of the team"
    follower = found[1]
    if follower.islower():  # scripts without case begin sentences with any letter
        return False
    if not (follower.isalnum() or follower in "“‘\"'«([¿¡$€£#*<@"):
        return False
    if not found[0].startswith("."):
        return True
    before = LAST_WORD.search(text, max(0, found.start() - 40), found.start())
    word = before[0] if before else ""
    is_initial = len(word) == 1 and word.isupper()
    return not is_initial and word.casefold() not in ABBREVIATIONS
