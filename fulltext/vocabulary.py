"""The words that documents hold: for beginnings of words, weights, and misspelt words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Sequence as Listed
from dataclasses import dataclass, field
from itertools import batched
from math import log, prod
from typing import Any as Anything
from typing import Self

from django.db import connection, transaction
from django.db.models import Max
from rapidfuzz.distance import OSA

from api.together import rows_together
from fulltext import tokens
from fulltext.documents import EVERYTHING
from fulltext.expressions import MIN_PREFIX
from fulltext.matches import All, Any, Match, Sequence, without_mark
from fulltext.models import Term

MAX_EXPANDED = 50
MAX_CANDIDATES = 500
MIN_CORRECTED = 4  # shorter words are near to everything
BATCH = 5_000
LIKELY_LEVELS = 4  # over which most of a word's titles are spread
MANY = 10_000_000  # documents, for what is counted as a share
_HIGHEST = "\U0010ffff"


class Words:
    """Words of some documents, counted once a document."""

    def __init__(self) -> None:
        self.stems: dict[str, str] = {}
        self.documents: Counter[str] = Counter()
        self.in_titles: Counter[str] = Counter()

    def add(self, words: Mapping[str, str], in_titles: Iterable[str]) -> None:
        self.stems.update(words)
        self.documents.update(words.keys())
        self.in_titles.update(in_titles)

    def merge(self, other: Self) -> None:
        self.stems.update(other.stems)
        self.documents.update(other.documents)
        self.in_titles.update(other.in_titles)


def learn(words: Words, *, count: bool = False) -> None:
    """Add what is not known yet. Only bulk work counts what is: a count is a row to wait for."""
    for part in batched(sorted(words.stems), BATCH):
        rows = Term.objects.filter(word__in=part).values_list("word", "in_titles")
        known = {word for word, _ in rows}
        titled = {word for word, in_titles in rows if in_titles}
        Term.objects.bulk_create([_term(words, word) for word in part if word not in known])
        # A row more, since the old one may be another transaction's to change.
        new_in_titles = [word for word in sorted(known - titled) if words.in_titles[word]]
        Term.objects.bulk_create([_title_term(words, word) for word in new_in_titles])
        if count and known:
            _count(words, sorted(known))


def latest() -> int:
    """The last row there is now."""
    return Term.objects.aggregate(latest=Max("id"))["latest"] or 0


@transaction.atomic
def replace_until(latest: int, words: Words) -> None:
    """Put what was counted in place of the rows up to one; what came since stays."""
    Term.objects.filter(id__lte=latest).delete()
    for part in batched(sorted(words.stems), BATCH):
        Term.objects.bulk_create([_term(words, word) for word in part])


def stems_beginning(beginning: str) -> list[str]:
    """The stems of the most frequent words that begin so."""
    if len(beginning) < MIN_PREFIX:
        return []
    terms = Term.objects.filter(word__gte=beginning, word__lt=beginning + _HIGHEST)
    frequent = terms.order_by("-documents", "word").values_list("stem", flat=True)
    return list(dict.fromkeys(frequent[:MAX_EXPANDED]))


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many documents, and titles, each stem stood when that was last counted; `newest` is
    the highest number of a document within some bounds."""

    documents: dict[str, int]
    in_titles: dict[str, int]
    newest: dict[tuple[int, int], int | None] = field(default_factory=dict)

    def weight(self, stem: str) -> float:
        """More for what is rare; the same for all that were never counted."""
        return log(1 + MANY / (1 + self.documents.get(stem, 0)))

    def at_most(self, match: Match) -> float:
        """About how many documents match at most, as far as words tell."""
        match match:
            case Sequence(found):
                return min(map(self._of_token, found))
            case All(parts, _):
                return min(map(self.at_most, parts))
            case Any(parts):
                return sum(map(self.at_most, parts))

    def likely(self, match: Match, total: int) -> float:
        """About how many of all documents match, if the words had nothing to do with each other."""
        match match:
            case All(parts, _):
                return total * prod(min(1.0, self.likely(part, total) / total) for part in parts)
            case Any(parts):
                return sum(self.likely(part, total) for part in parts)
        return self.at_most(match)

    def _of_token(self, text: str) -> float:
        if text == EVERYTHING:
            return MANY
        if "^" in text:
            return self.in_titles.get(without_mark(text), 0) / LIKELY_LEVELS
        counted = self.in_titles if text[1:2] == ":" else self.documents
        return counted.get(without_mark(text), 0)


def counting(stems: Iterable[str]) -> tuple[str, list[Anything]]:
    """SQL that selects each stem with what `Counts` holds of it."""
    wanted = sorted(set(stems))
    marks = ", ".join(["%s"] * len(wanted))
    return (
        "SELECT stem, SUM(documents) AS held, SUM(in_titles) AS titled FROM fulltext_term "  # noqa: S608
        f"WHERE stem IN ({marks}) GROUP BY stem",
        wanted,
    )


def counts(stems: Listed[str], places: Iterable[tuple[int, int]] = ()) -> Counts:
    """Of stems, and the newest document within each of some bounds, in one query."""
    if not stems:
        return Counts({}, {})
    sql, params = counting(stems)
    places = list(places)
    for place, bounds in enumerate(places):
        # No stem holds a tilde.
        sql += " UNION ALL SELECT %s, max(id), 0 FROM fulltext_document WHERE id BETWEEN %s AND %s"
        params = [*params, f"~{place}", *bounds]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    newest: dict[tuple[int, int], int | None] = dict.fromkeys(places)
    newest |= {places[int(stem[1:])]: n for stem, n, _ in rows if stem[0] == "~"}
    return counts_of([row for row in rows if row[0][0] != "~"], newest)


def counts_of(
    rows: Listed[tuple[str, int, int]], newest: dict[tuple[int, int], int | None] | None = None
) -> Counts:
    return Counts({stem: n for stem, n, _ in rows}, {stem: m for stem, _, m in rows}, newest or {})


def nearest(wanted: Listed[str]) -> dict[str, list[str]]:
    """For each word known words of titles and authors that it may have been meant as, the likeliest
    first; in one query."""
    candidates = _candidates(wanted)
    return {word: _by_likeness(word, candidates[word]) for word in wanted}


def _by_likeness(word: str, candidates: set[tuple[str, int, int]]) -> list[str]:
    furthest = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
    found: dict[str, tuple] = {}
    for candidate, in_titles, documents in candidates:
        distance = OSA.distance(word, candidate, score_cutoff=furthest)
        if 0 < distance <= furthest:
            # Who misspells a word seldom gets its first letter wrong.
            rank = (distance, candidate[0] != word[0], -in_titles, -documents, candidate)
            found[candidate] = min(rank, found.get(candidate, rank))
    return sorted(found, key=found.__getitem__)


def _candidates(wanted: Listed[str]) -> dict[str, set[tuple[str, int, int]]]:
    """Words that share a half or the sound: one edit leaves one half of a word as it was. None for
    words that are too short to be told from others."""
    found: dict[str, set[tuple[str, int, int]]] = {word: set() for word in wanted}
    titled = Term.objects.filter(in_titles__gt=0).order_by("-in_titles", "-documents", "word")
    asked = [
        (word, titled.filter(**near).values_list("word", "in_titles", "documents"))
        for word in found
        if len(word) >= MIN_CORRECTED
        for near in _likenesses(word)
    ]
    rows = rows_together(*(terms[:MAX_CANDIDATES] for _, terms in asked))
    for (word, _), own in zip(asked, rows, strict=True):
        found[word].update(own)
    return found


def _likenesses(word: str) -> Iterator[dict[str, Anything]]:
    lengths = range(len(word) - 1, len(word) + 2)
    yield {"sound": sound_of(word)}
    yield {"head__in": {word[: length // 2] for length in lengths}}
    yield {"tail__in": {word[-(length - length // 2) :] for length in lengths}}


def sound_of(word: str) -> str:
    """What is left of a word when vowels, doubled letters and like spellings are made one."""
    for spelt, sounded in _LIKE:
        word = word.replace(spelt, sounded)
    first, rest = word[:1], word[1:].translate(_SILENT)
    letters = [first, *rest]
    return "".join(
        letter for place, letter in enumerate(letters) if not place or letter != letters[place - 1]
    )


_LIKE = (
    ("sch", "s"), ("tsch", "s"), ("sh", "s"), ("ch", "k"), ("ck", "k"), ("ph", "f"), ("th", "t"),
    ("gh", "g"), ("c", "k"), ("q", "k"), ("z", "s"), ("x", "ks"), ("w", "v"), ("dt", "t"),
)  # fmt: skip
_SILENT = str.maketrans("", "", "aeiouyhj")


def _term(words: Words, word: str) -> Term:
    in_titles = words.in_titles[word]
    return Term(
        word=word,
        stem=words.stems[word],
        documents=words.documents[word],
        in_titles=in_titles,
        **(_parts(word) if in_titles else {}),
    )


def _title_term(words: Words, word: str) -> Term:
    stem, in_titles = words.stems[word], words.in_titles[word]
    return Term(word=word, stem=stem, documents=0, in_titles=in_titles, **_parts(word))


def _parts(word: str) -> dict[str, str]:
    if len(word) < MIN_CORRECTED - 1 or tokens.CHARACTER.match(word):
        return {}
    half = len(word) // 2
    return {"head": word[:half], "tail": word[half:], "sound": sound_of(word)}


def _count(words: Words, known: list[str]) -> None:
    values = [(word, words.documents[word], words.in_titles[word]) for word in known]
    table = Term._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET documents = documents + v.column2, "  # noqa: S608 - our own table
            f"in_titles = in_titles + v.column3 "
            f"FROM (VALUES {', '.join(['(%s, %s, %s)'] * len(values))}) AS v "
            f"WHERE {table}.word = v.column1 AND documents > 0",
            [part for row in values for part in row],
        )
