"""The nine issues, imported once for all tests here."""

import io
import time
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction

from newsletter.importer import Result, import_files
from newsletter.models import Entry, Image, Issue, Link, Publication
from papers.models import Paper
from tests.newsletter.lines import FIRST_CATALOGUE, counts, outcomes, rows, tables


@pytest.fixture(scope="module")
def first(django_db_setup, django_db_blocker) -> Iterator[tuple[Result, float]]:
    with django_db_blocker.unblock(), transaction.atomic():
        started = time.process_time()
        result = import_files([str(FIRST_CATALOGUE)])
        yield result, time.process_time() - started
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _use_it(first, db):
    """Each test works on the imported nine and leaves them as they were."""


def test_all_nine_come_in_with_all_that_is_printed_in_them(first):
    result, _ = first

    assert counts(result) == {"created": 9}
    assert [*Publication.objects.values_list("slug", "name")] == [
        ("ml-safety-newsletter", "ML Safety Newsletter")
    ]
    assert [*Issue.objects.order_by("pk").values_list("slug", "number")] == [
        (f"ml-safety-newsletter-{number}", number) for number in range(9, 0, -1)
    ]
    assert Entry.objects.count() == 158
    assert Link.objects.filter(entry__isnull=False).count() == 193
    assert Link.objects.filter(entry=None).count() == 3
    assert Image.objects.count() == 54
    assert Paper.objects.count() == 148
    assert Paper.objects.filter(kind="paper").count() == 136


def test_the_rows_keep_the_bytes_as_they_came(first):
    result, _ = first

    assert b"\n".join(bytes(row.raw) for row in rows(result)) == FIRST_CATALOGUE.read_bytes()


def test_again_all_is_unchanged_and_nothing_is_written_but_the_rows(first):
    before = tables()

    result = import_files([str(FIRST_CATALOGUE)])

    assert outcomes(result) == ["unchanged"] * 9
    assert tables() == before
    assert all(row.raw is None for row in rows(result))


def test_again_is_five_times_faster(first):
    _, seconds_at_first = first

    times = []
    for _ in range(3):
        started = time.process_time()
        import_files([str(FIRST_CATALOGUE)])
        times.append(time.process_time() - started)

    assert min(times) * 5 <= seconds_at_first


def test_the_number_of_queries_does_not_grow_with_unchanged_lines(
    first, tmp_path, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    one = tmp_path / "one.jsonl"
    one.write_bytes(FIRST_CATALOGUE.read_bytes().split(b"\n")[0])
    with CaptureQueriesContext(connection) as queries_for_one:
        import_files([str(one)])

    with django_assert_num_queries(len(queries_for_one)):
        import_files([str(FIRST_CATALOGUE)])


def test_one_letter_changed_is_one_issue_updated(tmp_path):
    changed = tmp_path / "changed.jsonl"
    content = FIRST_CATALOGUE.read_bytes()
    changed.write_bytes(content.replace(b"Natural Selection", b"natural Selection", 1))

    assert counts(import_files([str(changed)])) == {"updated": 1, "unchanged": 8}


def test_one_damaged_line_is_named_and_kept_and_the_rest_comes_in(tmp_path):
    lines = FIRST_CATALOGUE.read_bytes().split(b"\n")
    lines[4] = lines[4][:500]
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_bytes(b"\n".join(lines))

    result = import_files([str(damaged)])

    assert counts(result) == {"unchanged": 8, "rejected": 1}
    assert result.rejected[0].startswith(f"line 5 of {damaged}: invalid JSON")
    assert bytes(rows(result)[4].raw) == lines[4]


def test_the_export_is_the_objects_byte_for_byte():
    out = io.StringIO()

    call_command("export_newsletter", stdout=out)

    bare = FIRST_CATALOGUE.read_text().replace(" | |\n", "\n").removesuffix(" | |").rstrip("\n")
    assert out.getvalue() == f"{bare}\n"


def test_an_export_of_an_import_of_an_export_is_the_same(tmp_path):
    first, second = io.StringIO(), io.StringIO()
    call_command("export_newsletter", stdout=first)
    path = tmp_path / "export.jsonl"
    path.write_text(first.getvalue())

    assert outcomes(import_files([str(path)])) == ["unchanged"] * 9
    call_command("export_newsletter", "--publication", "ml-safety-newsletter", stdout=second)
    assert second.getvalue() == first.getvalue()


@pytest.mark.one_database
def test_undo_of_the_import_leaves_an_empty_catalogue(first):
    result, _ = first
    out = io.StringIO()

    call_command("undo_import", str(result.run.pk), stdout=out)

    assert out.getvalue() == f"{result.run.pk}: 9 taken back, 0 stay\n"
    left = {name: len(there) for name, there in tables().items() if there}
    assert not any("Historical" not in name for name in left), left
