"""Lists as files, on pages and over the API: what each way to a list shows of it, and no more."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readinglists import contents
from readinglists.document import document_of
from readinglists.exporting.formats import ALL_FORMATS
from readinglists.rights import standing_of
from tests.factories import EntryFactory, PaperFactory, PrizeFactory
from tests.readinglists.making import add_section, join, make_link, make_list, put_on, say

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

API_FORMATS = ["bibtex", "ris", "csljson", "markdown", "csv", "jsonl"]


@pytest.fixture
def reading_list():
    """One with all kinds of items, and a note for each audience by its owner."""
    made = make_list(title="Reading", visibility="unlisted")
    section = add_section(made, "A section", prose="Some prose.")
    [first, *_] = put_on(made, PaperFactory(), EntryFactory(), section=section.pk)
    put_on(made, PrizeFactory(), "https://example.org/")
    for audience in ("private", "members", "public"):
        say(first, text=f"said {audience}", audience=audience)
    return made


def texts(answer) -> set[str]:
    assert answer.status_code == 200
    text = answer.getvalue().decode()
    return {audience for audience in ("private", "members", "public") if f"said {audience}" in text}


@pytest.mark.parametrize("name", ALL_FORMATS)
def test_a_file_holds_the_notes_its_reader_may_see_and_is_gone_with_the_list(name, reading_list):
    address = f"/lists/{reading_list.pk}/export.{name}"
    viewer, owner = Client(), Client()
    viewer.force_login(join(reading_list, "viewer"))
    owner.force_login(reading_list.owner)

    assert texts(owner.get(address)) == {"private", "members", "public"}
    assert texts(viewer.get(address)) == {"members", "public"}
    assert texts(Client().get(address)) == {"public"}
    for allows, seen in (("view", set()), ("view_notes", {"public"})):
        answer = Client().get(f"/s/{make_link(reading_list, allows)}/export.{name}")
        assert texts(answer) == seen
        assert str(reading_list.pk) not in answer.getvalue().decode()
        assert "no-store" in answer.headers["Cache-Control"]

    reading_list.visibility = "private"
    reading_list.save()
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("name", ALL_FORMATS)
def test_a_file_is_kept_and_never_shown_and_not_sent_twice(name, reading_list):
    address = f"/lists/{reading_list.pk}/export.{name}"
    owner = Client()
    owner.force_login(reading_list.owner)
    first = owner.get(address)

    assert first.headers["Content-Disposition"].startswith('attachment; filename="reading')
    assert first.headers["Content-Security-Policy"].endswith("sandbox")
    assert first.streaming
    seen = {"If-None-Match": first.headers["ETag"]}
    assert first.getvalue() == owner.get(address).getvalue()
    assert owner.get(address, headers=seen).status_code == 304
    # Nor is what one wrote for oneself, which changes no version.
    [item] = reading_list.items.filter(url__isnull=False)
    say(item, text="mine alone", audience="private")
    assert b"mine alone" in owner.get(address, headers=seen).getvalue()
    assert Client().get(address, headers=seen).status_code == 200


def test_the_json_of_a_list_is_its_document(reading_list):
    owner = Client()
    owner.force_login(reading_list.owner)
    document = document_of(reading_list, standing_of(reading_list, reading_list.owner))
    answer = owner.get(f"/lists/{reading_list.pk}/export.json")

    assert json.loads(answer.getvalue()) == document


def test_a_longer_list_is_read_in_batches_not_whole(reading_list, monkeypatch):
    monkeypatch.setattr(contents, "AT_ONCE", 10)
    put_on(reading_list, *(f"https://example.org/{number}" for number in range(50)))
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get(f"/lists/{reading_list.pk}/export.jsonl")
        before = len(queries)
        lines = iter(answer)
        next(lines)
        first = len(queries) - before
        count = 1 + sum(1 for _ in lines)
    assert count == 54
    assert len(queries) - before > first + 4


def test_a_style_that_is_none_and_a_format_that_is_none_are_not_there(reading_list):
    for path in ("export.pdf", "export.bibliography?style=none", "export.html?style=../x"):
        assert Client().get(f"/lists/{reading_list.pk}/{path}").status_code == 404


@pytest.mark.parametrize("name", API_FORMATS)
def test_the_api_gives_a_list_in_the_same_bytes(name, reading_list):
    page = Client().get(f"/lists/{reading_list.pk}/export.{name}")
    answer = Client().get(f"/api/v1/lists/{reading_list.pk}/", {"format": name})

    assert answer.getvalue() == page.getvalue()
    assert answer.headers["Content-Type"] == page.headers["Content-Type"]
    wrong = Client().get(f"/api/v1/lists/{reading_list.pk}/", {"format": name, "sections": 1})
    assert wrong.status_code == 400


@pytest.mark.parametrize("name", API_FORMATS)
def test_the_collection_of_lists_is_a_file_of_lists_as_works(name, reading_list):
    reading_list.visibility = "public"
    reading_list.save()
    make_list(title="Unlisted", visibility="unlisted")
    text = Client().get("/api/v1/lists/", {"format": name}).getvalue().decode()

    assert "Reading" in text
    assert "Unlisted" not in text
