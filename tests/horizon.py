"""Up to where changes are settled, judged by one test database alone."""

import pytest

from api import changes

# As the site's own, but of this database alone: the server also tells of what other tests, in
# databases of their own, have begun and not ended.
OLDEST_HERE = """
    SELECT coalesce(
        min(backend_xid::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    )
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""


@pytest.fixture
def own_horizon(monkeypatch) -> None:
    monkeypatch.setattr(changes, "OLDEST_IN_FLIGHT", f"({OLDEST_HERE})")
