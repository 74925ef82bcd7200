"""Expressions turned into combinations of index tokens, the same for either database."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from fulltext import tokens
from fulltext.documents import EVERYTHING, FIELD_MARKS, STOP_WORDS, identifier_token
from fulltext.expressions import And, Expression, Leaf, Not, Or, Phrase, Prefix, Word
from fulltext.registry import IDENTIFIER, identifier_or_key

# Far above what the query language lets through; whoever builds expressions otherwise is bounded.
MAX_SEQUENCE = 64
MAX_PARTS = 128
MAX_DEPTH = 12  # FTS5's parser takes a stack of 100 signs


@dataclass(frozen=True, slots=True)
class Sequence:
    """Tokens that stand beside each other; one token alone most of the time."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Match", ...]
    without: tuple["Match", ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Match", ...]


type Match = Sequence | All | Any
type Expand = Callable[[str], Iterable[str]]

NOTHING = Any(())
ALL_DOCUMENTS = Sequence((EVERYTHING,))


def token(text: str) -> Sequence:
    return Sequence((text,))


def match_of(expression: Expression, expand: Expand) -> Match:
    """What to look up; `expand` gives the stems of words that begin so."""
    return _match(expression, expand, 0) or NOTHING


def all_of(parts: Iterable[Match], without: Iterable[Match] = ()) -> Match:
    parts = tuple(dict.fromkeys(parts))
    without = tuple(part for part in dict.fromkeys(without) if part != NOTHING)
    if NOTHING in parts:
        return NOTHING
    if not without and len(parts) == 1:
        return parts[0]
    return All(parts or (ALL_DOCUMENTS,), without)


def any_of(parts: Iterable[Match]) -> Match:
    parts = tuple(part for part in dict.fromkeys(parts) if part != NOTHING)
    return parts[0] if len(parts) == 1 else Any(parts)


def sequences(match: Match) -> Iterator[Sequence]:
    """The token sequences that a hit may hold."""
    match match:
        case Sequence():
            yield match
        case All(parts, _) | Any(parts):
            for part in parts:
                yield from sequences(part)


def plain_stems(match: Match) -> list[str]:
    """The stems a hit may hold, in whatever field."""
    found = (text for sequence in sequences(match) for text in sequence.tokens)
    return list(dict.fromkeys(without_mark(text) for text in found if text[0] not in "@=#~"))


def holds_all(match: Match) -> bool:
    """Whether every hit holds every stem that any hit may hold."""
    match match:
        case Sequence():
            return True
        case All(parts, _):
            return all(map(holds_all, parts))
        case Any():
            return False


def not_implied(match: Match, tier: Match) -> list[Match]:
    """The parts of a match that have to be asked beside a tier: who has a word in the title, or
    on a level, has it."""
    parts = match.parts if isinstance(match, All) and not match.without else (match,)
    tiers = tier.parts if isinstance(tier, All) else (tier,)
    stems = [plain_stems(each) for each in tiers]
    implied = {token(each[0]) for each in stems if len(each) == 1}
    return [part for part in parts if part not in implied]


def without_mark(text: str) -> str:
    """ "t:word" and "word^9" are about "word"."""
    return text.rpartition(":")[2].partition("^")[0]


def _match(expression: Expression, expand: Expand, depth: int) -> Match | None:
    """None for what says nothing, such as a lone dash: it neither finds nor excludes."""
    if depth > MAX_DEPTH:
        return NOTHING
    match expression:
        case And(parts):
            return _all(parts[:MAX_PARTS], expand, depth)
        case Or(parts):
            found = [_match(part, expand, depth + 1) for part in parts[:MAX_PARTS]]
            known = [match for match in found if match is not None]
            return any_of(known) if known else None
        case Not(Not(part)):
            return _match(part, expand, depth + 1)
        case Not(part):
            excluded = _match(part, expand, depth + 1)
            return None if excluded is None else all_of((), [excluded])
    return _leaf(expression, expand)


def _all(parts: tuple[Expression, ...], expand: Expand, depth: int) -> Match | None:
    wanted: list[Match] = []
    small: list[Match] = []
    without: list[Match] = []
    for part in parts:
        is_negative = isinstance(part, Not)
        match = _match(part.part if isinstance(part, Not) else part, expand, depth + 1)
        if match is None:
            continue
        if is_negative:
            without.append(match)
        elif _is_stop_word(part):
            small.append(match)
        else:
            wanted.append(match)
    # "The" says nothing beside "alignment", but something when it stands alone.
    wanted = wanted or small
    return all_of(wanted, without) if wanted or without else None


def _is_stop_word(expression: Expression) -> bool:
    if not isinstance(expression, Word) or expression.field:
        return False
    words = tokens.words(expression.text[:20])
    return len(words) == 1 and words[0] in STOP_WORDS


def _leaf(leaf: Leaf, expand: Expand) -> Match | None:
    if isinstance(leaf, Prefix) and leaf.field != IDENTIFIER:
        return _prefix(leaf.text, FIELD_MARKS.get(leaf.field or "", ""), expand)
    return of_whole_words(leaf)


@lru_cache(maxsize=4_096)
def of_whole_words(leaf: Leaf) -> Match | None:
    """Asked for twice in a search: to find, and to mark what was found."""
    if leaf.field == IDENTIFIER:
        return token(identifier_token(identifier_or_key(leaf.text) or leaf.text.strip()))
    mark = FIELD_MARKS.get(leaf.field or "", "")
    found = tuple(mark + stem for stem in tokens.stems(leaf.text)[:MAX_SEQUENCE])
    if isinstance(leaf, Phrase):
        return Sequence(found) if found else None
    ways: list[Match] = [Sequence(found)] if found else []
    ways += (token(mark + joined) for joined in _joined(leaf.text))
    if not leaf.field and (identifier := identifier_or_key(leaf.text)):
        ways.append(token(identifier_token(identifier)))
    return any_of(ways) if ways else None


def _joined(text: str) -> Iterator[str]:
    """ "pre-training" as one word, if it is the whole text."""
    chunks = list(tokens.chunks(text))
    if len(chunks) == 1 and chunks[0].joined:
        yield chunks[0].joined


def _prefix(text: str, mark: str, expand: Expand) -> Match | None:
    words = tokens.words(text)[:MAX_SEQUENCE]
    if not words:
        return None
    *before, beginning = words
    stems = tuple(mark + tokens.stem(word) for word in before)
    if tokens.CHARACTER.match(beginning):  # a whole word or more already
        return Sequence((*stems, mark + beginning))
    return any_of(Sequence((*stems, mark + stem)) for stem in expand(beginning))
