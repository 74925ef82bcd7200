"""What misspelt words may have meant."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from django.db.models import QuerySet

from fulltext import tokens, vocabulary
from fulltext.databases import index
from fulltext.expressions import Leaf, Phrase, Prefix, Word
from fulltext.finding import Wanted, held
from fulltext.numbering import bounds
from fulltext.registry import kind_named
from fulltext.sought import Sought

MOST_TRIED = 5  # known words that are looked up for one unknown
MOST_WORDS = 12

type Text = Word | Phrase


def corrections(texts: Iterable[Leaf], visible: Sequence[tuple[str, QuerySet]]) -> dict[Text, Text]:
    """Those that nothing holds, with the nearest words that something does in place of unknown
    ones; in three queries, however many there are.

    `visible` are kinds, each with the rows that the asking person may see: nothing else is ever
    suggested.
    """
    words = {
        text: [Word(each, text.field) for each in tokens.words(text.text)]
        for text in texts
        if not isinstance(text, Prefix)
    }
    asked = dict.fromkeys(
        word for found in words.values() for word in found if _is_long_enough(word)
    )
    if not asked or max(len(asked), len(words)) > MOST_WORDS:
        return {}
    known = _held([*words, *asked], visible)
    nearest = _nearest([word for word in asked if word not in known], visible)
    return {
        text: replace(text, text=" ".join([nearest.get(word, word).text for word in found]))
        for text, found in words.items()
        if text not in known and not nearest.keys().isdisjoint(found)
    }


def _is_long_enough(word: Word) -> bool:
    """Shorter ones are near to everything."""
    return len(word.text) >= vocabulary.MIN_CORRECTED


def _nearest(unknown: Sequence[Word], visible: Sequence[tuple[str, QuerySet]]) -> dict[Word, Word]:
    """The nearest word for each that has one."""
    near = vocabulary.nearest([word.text for word in unknown])
    tried = {
        word: [replace(word, text=each) for each in near[word.text][:MOST_TRIED]]
        for word in unknown
    }
    known = _held([*chain.from_iterable(tried.values())], visible)
    found = {word: next(filter(known.__contains__, ways), None) for word, ways in tried.items()}
    return {word: way for word, way in found.items() if way}


def _held(texts: Sequence[Text], visible: Sequence[tuple[str, QuerySet]]) -> set[Text]:
    """Those that a row of one of the kinds holds."""
    kinds = [kind for kind, _ in visible]
    sought = {text: Sought(text, kinds) for text in texts}
    if sought and index().needs_counts:
        stems = dict.fromkeys(chain.from_iterable(each.stems for each in sought.values()))
        counts = vocabulary.counts(list(stems), [bounds(kind_named(kind)) for kind in kinds])
        for each in sought.values():
            each.counts = counts
    asked = [(text, kind, rows) for text in sought for kind, rows in visible]
    wanted = [
        Wanted(kind_named(kind), sought[text], rows.order_by(), (), by_tier=False)
        for text, kind, rows in asked
    ]
    return {asked[place][0] for place in held(wanted)}
