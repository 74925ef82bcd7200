from pathlib import Path

import pytest

from newsletter import reading
from tests.newsletter.lines import Desk


@pytest.fixture
def desk(tmp_path: Path, db: None) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(autouse=True)
def _read_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process for every import would be most of the run; some tests ask for it."""
    if "reader_process" not in request.fixturenames:
        monkeypatch.setattr(
            reading.Reader,
            "read",
            lambda self, text, profile, copies=None: reading.read_and_render(
                text, profile, copies or {}
            ),
        )


@pytest.fixture
def reader_process() -> None:
    """Read texts in a process of their own, as the site does."""
