"""Bytes to text: UTF-8, else line by line what else it may be, and that is said."""

import codecs
from dataclasses import dataclass, field

from imports.jsonl import UnreadableSource, refuse_other_types

_BOM = codecs.BOM_UTF8
WANTED = "BibTeX, RIS, CSL-JSON, bookmarks, CSV or plain text in UTF-8 is"
_TOLD = 3


@dataclass(slots=True)
class Text:
    """A file's text, with line ends of one kind, and what had to be guessed."""

    text: str
    warnings: list[str] = field(default_factory=list)


def decode(raw: bytes, name: str) -> Text:
    """The text of a file; UnreadableSource for one that is no text in a known encoding."""
    refuse_other_types(name, raw[:1024], WANTED)
    while raw.startswith(_BOM):
        raw = raw.removeprefix(_BOM)
    if b"\x00" in raw[:4096]:
        raise UnreadableSource(f"{name} is no text file; {WANTED} needed.")
    try:
        return Text(_with_plain_ends(raw.decode()))
    except UnicodeDecodeError:
        return _decode_lines(raw)


def _decode_lines(raw: bytes) -> Text:
    """One stray byte must not spoil the lines around it."""
    lines, odd = [], []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            odd.append(number)
            lines.append(_decode_latin(line))
    told = ", ".join(map(str, odd[:_TOLD])) + (" …" if len(odd) > _TOLD else "")
    where = f"line {told}" if len(odd) == 1 else f"{len(odd):,} lines ({told})"
    warning = f"not UTF-8 in {where}: read as Windows-1252 (Latin-1)"
    return Text(_with_plain_ends("\n".join(lines)), [warning])


def _decode_latin(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
