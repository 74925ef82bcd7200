"""However PostgreSQL's index is asked for the newest, by eras or at once, it finds the same."""

from dataclasses import dataclass, field

import pytest
from django.db import connection

from fulltext.databases import postgres
from fulltext.documents import ERA_BITS, era_token
from fulltext.matches import Match, all_of, token
from fulltext.models import Document

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite reads its lists from the newest on"
)
BOUNDS = (1 << 40, (2 << 40) - 1)
EVERY = {"often": 2, "seldom": 50, "third": 3}
BOTH = all_of([token("often"), token("third")])


@pytest.fixture
def numbers(db):
    """Three hundred documents over sixty eras."""
    numbers = [BOUNDS[0] + (place << ERA_BITS) // 5 for place in range(300)]
    Document.objects.bulk_create(
        Document(id=number, digest=0, levels="", tokens=(era_token(number), *words_at(place)))
        for place, number in enumerate(numbers)
    )
    return numbers


@dataclass
class Told:
    """Counts that say the same of any match."""

    number: int
    newest: dict[tuple[int, int], int] = field(default_factory=dict)

    def at_most(self, match: Match) -> float:
        return self.number

    def likely(self, match: Match, total: int) -> float:
        return self.number


def words_at(place: int) -> list[str]:
    return [word for word, step in EVERY.items() if place % step == 0]


@pytest.mark.parametrize("most", [1, 24, 100])
@pytest.mark.parametrize("few", [0, 20, 10_000])
@pytest.mark.parametrize("expected", [1, 30, 150, 10_000_000])
def test_the_newest_are_the_same(numbers, monkeypatch, few, most, expected):
    monkeypatch.setattr(postgres, "FEW", few)
    monkeypatch.setattr(postgres, "MOST_ERAS", most)
    falling = list(enumerate(numbers))[::-1]

    for match, step in ((token("often"), 2), (token("seldom"), 50), (BOTH, 6)):
        held = [number for place, number in falling if place % step == 0]
        for limit in (1, 10, 400):
            select = postgres.PostgresIndex().newest(match, BOUNDS, limit, lambda: Told(expected))
            with connection.cursor() as cursor:
                cursor.execute(*select)
                assert [number for (number,) in cursor.fetchall()] == held[:limit]
