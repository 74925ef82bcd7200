"""Up to where changes are settled, judged by one test database alone."""

import pytest
from django.db import connection

from api import changes
from api.changes import horizon

# As the site's own, but of this database alone: the server also tells of what other tests, in
# databases of their own, have begun and not ended.
OLDEST_HERE = """
    SELECT coalesce(
        min(backend_xid::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    )
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""


def oldest_here() -> int | None:
    if horizon() is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_HERE)
        return cursor.fetchone()[0]


@pytest.fixture
def own_horizon(monkeypatch) -> None:
    monkeypatch.setattr(changes, "horizon", oldest_here)
