"""What to ask the index for the strongest hits, where there are too many to rank all."""

from collections.abc import Iterable, Iterator, Sequence

from fulltext.documents import FIELD_MARKS, HIGHEST, IN_TITLE, IN_VENUE, MENTIONED, level_token
from fulltext.matches import Match, all_of, any_of, not_implied, token
from fulltext.registry import TITLE
from fulltext.sought import MOST_WEIGHED, Sought

LISTED = 200  # how many come first for the level of their one word
FEW_WORDS = 3  # of which each may be the one that makes up much of a title
STRONG = range(HIGHEST, 11, -1)  # levels of words that make up much of a title
TOLD = range(HIGHEST, MENTIONED, -1)  # those that the index knows
BESIDE_TITLES = range(IN_TITLE - 1, IN_VENUE - 1, -1)  # of words of authors and venues


def levels_of_one(sought: Sought) -> list[Match]:
    """What is named by the whole query, then each level of its one word."""
    [stem] = sought.said
    told = TOLD
    if sought.is_counted and sought.counts.in_titles.get(stem, 0) >= LISTED:
        told = range(HIGHEST, IN_VENUE - 1, -1)  # which are enough
    levels = (_on_levels(stem, [level]) for level in told)
    return _asked(sought, [_whole(sought), *levels])


def stages(sought: Sought) -> Iterator[list[Match]]:
    """What to ask of a hit beyond matching, the most first."""
    said = sought.said[:MOST_WEIGHED]
    if not said:
        yield _asked(sought, [_whole(sought)])
        return
    titled = [token(FIELD_MARKS[TITLE] + stem) for stem in said]
    strong = [_on_levels(stem, STRONG) for stem in said]
    are_few = 1 < len(said) <= FEW_WORDS
    # Of very many with all words in their titles those first that hold little else there.
    strongest = [all_of(strong), *_each_but(strong, titled)] if are_few else []
    yield _asked(sought, [_whole(sought), *strongest, all_of(titled)])
    yield _asked(sought, strong)
    if are_few:
        # Who remembers a paper by a name and a word of its title.
        named = [_on_levels(stem, BESIDE_TITLES) for stem in said]
        yield [any_of(_asked(sought, _each_but(titled, named)))]
    # Who has one in the title has it: as it is rarer, it is asked for in its place.
    yield [any_of(_asked(sought, titled))]


def _each_but(one: Sequence[Match], others: Sequence[Match]) -> list[Match]:
    """Each of the one, with the others in the place of all but it."""
    return [
        all_of([match, *others[:place], *others[place + 1 :]]) for place, match in enumerate(one)
    ]


def _whole(sought: Sought) -> Match:
    return any_of(map(token, sought.whole))


def _on_levels(stem: str, levels: Iterable[int]) -> Match:
    return any_of(token(level_token(stem, level)) for level in levels)


def _asked(sought: Sought, tiers: Sequence[Match]) -> list[Match]:
    return [all_of([*not_implied(sought.match, tier), tier]) for tier in tiers]
