"""What was indexed before an upgrade is found after it."""

import io
from contextlib import suppress

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fulltext import engine
from fulltext.expressions import And, Word
from fulltext.models import Document
from papers.models import Paper
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = And((Word("robust"), Word("learning")))


def _to(name: str) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("fulltext", name)])


def found(text) -> list[str]:
    keys = engine.ranked("paper", text, Paper.objects.all()).keys
    return [Paper.objects.get(pk=key).title for key in keys]


def differences() -> str:
    out = io.StringIO()
    with suppress(SystemExit):
        call_command("rebuild_search", "--check", stdout=out, stderr=out)
    return out.getvalue()


def test_an_older_index_finds_and_ranks_until_it_is_made_anew():
    PaperFactory(title="Robust learning")
    PaperFactory(title="Of something else", abstract="robust learning" + " of more" * 80)
    gone = PaperFactory(title="Robust and gone")
    _to("0002_index")
    try:
        with connection.cursor() as cursor:
            # As it was written then: one column for all levels, of which there was a lower one.
            cursor.execute(
                "UPDATE fulltext_document SET levels = ' robust:0 learn:1' "
                "WHERE levels NOT LIKE %s",
                ["%robust:%"],
            )
    finally:
        _to("0003_newest_first")

    assert found(BOTH) == ["Robust learning", "Of something else"]
    assert found(Word("robust"))[-1] == "Of something else"
    assert "missing or stale" in differences()

    gone.delete()
    call_command("rebuild_search", stdout=io.StringIO())

    assert found(Word("robust")) == ["Robust learning", "Of something else"]
    assert Document.objects.exclude(mentioned="").exists()
    assert "all in step" in differences()
