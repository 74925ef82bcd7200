from collections.abc import Iterator

import pytest

from papers.enrichment import http, pace
from tests.papers.enrichment.loopback import Services, running


@pytest.fixture
def services(settings, monkeypatch) -> Iterator[Services]:
    """Services to ask, and nobody else; turns are reserved, but not waited for."""
    with running() as running_services:
        settings.ENRICH = "asked"
        settings.ENRICH_MAILTO = "desk@example.org"
        settings.OPENALEX_API_KEY = ""
        settings.ENRICH_TEST_ADDRESSES = running_services.addresses()
        monkeypatch.setattr(http.time, "sleep", lambda seconds: None)
        monkeypatch.setattr(pace, "interval_of", lambda service: 0.0)
        client = http.client  # a test may put another in its place
        client.cache_clear()
        yield running_services
        client().close()
        client.cache_clear()
