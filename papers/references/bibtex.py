"""BibTeX and BibLaTeX, block by block by bibtexparser: one broken entry costs no other."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bibtexparser.model import (
    Block,
    DuplicateFieldKeyBlock,
    Entry,
    ImplicitComment,
    ParsingFailedBlock,
    Preamble,
    String,
)
from bibtexparser.splitter import Splitter

from papers.references.bibtex_entries import Fields, read_entry
from papers.references.bibtex_values import PREDEFINED, read_value
from papers.references.latex import latex_in
from papers.references.reference import Aside, Problem, Record, UnfitReference

LONGEST_BLOCK = 2_000_000
_DEEPEST_CROSSREF = 3

# Where the library begins a new block even inside a broken one.
_BLOCK = re.compile(r"^[^\S\n]*@\w*[ \t]*[{(]", re.MULTILINE)
_CROSSREF = re.compile(r"\b(?:crossref|xdata)\s*=\s*[{\"]?([^{}\",\n]+)", re.IGNORECASE)
_OPENING = re.compile(r"@\w+[ \t]*[{(]")
_KEY = re.compile(r"@\w+\s*[{(]\s*([^,\s]+)\s*,")
_REST_OF_AN_ENTRY = re.compile(r"[,}\"]|[\w-]+\s*=\s*[{\"\w]")
_ONLY_PUNCTUATION = re.compile(r"[\s,})]*")
_WORDS: Mapping[type, str] = {ImplicitComment: "text between entries", Preamble: "a preamble"}
# A volume is there for the works that refer to it.
_VOLUMES = frozenset(
    {"proceedings", "mvproceedings", "collection", "mvcollection", "periodical", "xdata", "set"}
)

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # its complaints are our rows


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the file that begins with a block."""

    line: int
    text: str


def read_bibtex(text: str) -> Iterator[Record]:
    reader = _Reader(text)
    for piece in _pieces(text):
        yield from reader.read(piece)


def _pieces(text: str) -> Iterator[_Piece]:
    starts = [match.start() for match in _BLOCK.finditer(text)]
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    line = 1
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield _Piece(line, text[start:end])
        line += text.count("\n", start, end)


class _Reader:
    def __init__(self, text: str) -> None:
        self.macros: dict[str, str] = dict(PREDEFINED)
        self.keys: dict[str, int] = {}
        self.wanted = {key.strip().lower() for key in _CROSSREF.findall(text)}
        self.parents: dict[str, Fields] = {}
        self.read_so_far: Counter[str] = Counter()
        if self.wanted:
            self._read_parents(text)

    def _read_parents(self, text: str) -> None:
        """Entries that others refer to stand behind these in a file."""
        macros = dict(PREDEFINED)
        for piece in _pieces(text):
            key = _KEY.match(piece.text.lstrip())
            is_string = piece.text.lstrip()[:7].lower() == "@string"
            if not is_string and (key is None or key[1].lower() not in self.wanted):
                continue
            for block in _split(piece.text):
                if isinstance(block, String):
                    _define(block, macros)
                elif isinstance(block, Entry):
                    try:
                        self.parents[block.key.lower()] = _fields(block, macros, [])
                    except UnfitReference:
                        continue  # told where it stands

    def read(self, piece: _Piece) -> Iterator[Record]:
        if len(piece.text) > LONGEST_BLOCK:
            yield Problem(piece.line, f"a block of {len(piece.text):,} characters", piece.text)
            return
        blocks = _split(piece.text)
        if _has_no_key(blocks):
            blocks = _split(_OPENING.sub(r"\g<0>,", piece.text, count=1))
        for place, block in enumerate(blocks):
            after = blocks[place + 1] if place + 1 < len(blocks) else None
            if place and isinstance(blocks[place - 1], Entry) and _is_cut_short(block):
                continue  # told as part of the entry
            yield from self._read_block(block, after, piece)

    def _read_block(self, block: Block, after: Block | None, piece: _Piece) -> Iterator[Record]:
        line = piece.line + (block.start_line or 0)
        raw = block.raw or ""
        if isinstance(block, ParsingFailedBlock) and not isinstance(block, DuplicateFieldKeyBlock):
            yield Problem(line, _reason(block, raw), piece.text.strip("\n"))
            return
        warnings = []
        if isinstance(block, DuplicateFieldKeyBlock):
            twice = ", ".join(sorted(block.duplicate_keys))
            warnings.append(f"the field {twice} stands twice: the first one counts")
            block = block.ignore_error_block or block
        if isinstance(block, String):
            yield from self._define(block, line, raw)
        elif not isinstance(block, Entry):
            if not _ONLY_PUNCTUATION.fullmatch(raw):
                yield Aside(line, _WORDS.get(type(block), "a comment"), raw)
        elif _is_cut_short(after):
            rest = (after.raw or "").split("\n")[0][:40] if after else ""
            reason = f"its braces or quotes do not match: it ends before “{rest}”"
            yield Problem(line, reason, piece.text.strip("\n"))
        else:
            yield self._entry(block, line, raw, warnings)

    def _define(self, block: String, line: int, raw: str) -> Iterator[Record]:
        try:
            _define(block, self.macros)
        except UnfitReference as error:
            yield Problem(line, f"@string {block.key}: {error}", raw)

    def _entry(self, entry: Entry, line: int, raw: str, warnings: list[str]) -> Record:
        unknown: list[str] = []
        try:
            fields = self._inherit(_fields(entry, self.macros, unknown), warnings)
        except UnfitReference as error:
            return Problem(line, str(error), raw)
        if too_much := self._too_much(fields):
            return Problem(line, f"the file holds more than {too_much}: split it", raw)
        key = entry.key.strip()
        kind = entry.entry_type.lower()
        if key.lower() in self.wanted and kind in _VOLUMES:
            return Aside(line, f"{key}: a volume that other entries stand in", raw)
        if first := self.keys.get(key.lower()):
            warnings.append(f"the key {key} stands in line {first} already")
            key = ""
        elif key:
            self.keys[key.lower()] = line
        warnings += [f"@string {name} is not defined" for name in dict.fromkeys(unknown)]
        return read_entry(kind, key, fields, line=line, raw=raw, warnings=warnings)

    def _too_much(self, fields: Fields) -> str | None:
        """What there is too much of in all that was read so far; who has none of it comes in."""
        for what, most, amount_in in _LIMITS:
            amount = amount_in(fields)
            self.read_so_far[what] += amount
            if amount and self.read_so_far[what] > most:
                return f"{most:,} {what}"
        return None

    def _inherit(self, fields: Fields, warnings: list[str]) -> Fields:
        """What an entry does not say itself its volume says, whose title is its venue."""
        seen: set[str] = set()
        whole = dict(fields)
        pointers = [whole.get("xdata", ""), whole.get("crossref", "")]
        for depth in range(_DEEPEST_CROSSREF):
            keys = [key.strip() for pointer in pointers for key in pointer.split(",")]
            pointers = []
            for key in filter(None, keys):
                parent = self.parents.get(key.lower())
                if parent is None:
                    warnings.append(f"it refers to {key}, which is not in this file")
                elif key.lower() not in seen:
                    seen.add(key.lower())
                    pointers.append(parent.get("crossref", ""))
                    is_data = depth == 0 and key in fields.get("xdata", "")
                    _fill(whole, parent, is_data=is_data)
            if not pointers:
                break
        return whole


def _characters_in(fields: Fields) -> int:
    return sum(map(len, fields.values()))


def _names_in(fields: Fields) -> int:
    return sum(fields.get(role, "").count(" and ") for role in ("author", "editor"))


def _latex_in(fields: Fields) -> int:
    return sum(map(latex_in, fields.values()))


# Of one file, whoever sends it: all of it takes about ten seconds. Counted in this order: what is
# too long, with what macros stand for, is not looked through for the rest.
_LIMITS: tuple[tuple[str, int, Callable[[Fields], int]], ...] = (
    ("characters", 50_000_000, _characters_in),
    ("names", 100_000, _names_in),
    ("characters of LaTeX", 500_000, _latex_in),
)


def _fill(fields: dict[str, str], parent: Fields, *, is_data: bool) -> None:
    for name, value in parent.items():
        if name in {"crossref", "xdata", "ids", "key", "label"}:
            continue
        if is_data or name not in {"title", "subtitle", "author", "doi", "url", "eprint", "pages"}:
            fields.setdefault(name, value)
    title = parent.get("booktitle") or parent.get("title")
    if title and not is_data and "journal" not in fields:
        fields.setdefault("booktitle", title)


def _split(text: str) -> list[Block]:
    return list(Splitter(text).split().blocks)


def _has_no_key(blocks: list[Block]) -> bool:
    """`@misc{title = …}`: common enough, and there is nothing else wrong with it."""
    first = next((block for block in blocks if not isinstance(block, ImplicitComment)), None)
    return isinstance(first, ParsingFailedBlock) and "key, but found =" in str(
        getattr(first.error, "abort_reason", "")
    )


def _define(block: String, macros: dict[str, str]) -> None:
    macros[block.key.strip().lower()] = read_value(block.value, macros)


def _fields(entry: Entry, macros: Mapping[str, str], unknown: list[str]) -> Fields:
    fields: dict[str, str] = {}
    for field in entry.fields:
        name = field.key.strip().lower()
        if name not in fields:
            try:
                fields[name] = read_value(field.value, macros, unknown)
            except UnfitReference as error:
                raise UnfitReference(f"{name}: {error}") from error
    return fields


def _is_cut_short(after: Block | None) -> bool:
    """Whether what follows an entry is the rest of it: BibTeX takes that for a comment."""
    if not isinstance(after, ImplicitComment):
        return False
    rest = after.raw or ""
    return bool(_REST_OF_AN_ENTRY.match(rest)) and not _ONLY_PUNCTUATION.fullmatch(rest)


def _reason(block: ParsingFailedBlock, raw: str) -> str:
    reason = getattr(block.error, "abort_reason", None) or str(block.error)
    if "end of file" in reason or "block start" in reason:
        return "it does not end: a closing brace or quote is missing"
    return reason[:300]
