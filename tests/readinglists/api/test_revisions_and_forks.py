"""Revisions and copies of lists over the API."""

import json
from hashlib import sha256

import pytest
from django.test import Client

from readinglists.models import ReadingList, Revision
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.api.conftest import Caller, codes, place_of
from tests.readinglists.making import make_list, put_on, say

pytestmark = pytest.mark.django_db


def test_who_may_edit_freezes_and_everybody_reads_with_the_hash_of_the_bytes(
    owner, editor, viewer, reading_list
):
    [item] = put_on(reading_list, PaperFactory(title="A paper"))
    say(item, text="said")
    place = place_of(reading_list, "revisions")
    assert viewer.send("POST", place).status_code == 403
    made = editor.send("POST", place, {})
    assert made.status_code == 201, made.content
    assert editor.send("POST", place).json()["number"] == 1
    assert codes(editor.send("POST", place, {"content": {}})) == {"content": "unknown"}
    assert editor.send("POST", place, {"version": 1}).status_code == 412

    read = viewer.get(made.headers["Location"].partition("testserver")[2] or f"{place}1/")
    row = read.json()
    again = json.dumps(row["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sha256(again.encode()).hexdigest() == row["sha256"]
    assert row["is_whole"]
    assert (row["number"], row["created_by"]) == (1, editor.user.username)
    assert "(revision 1)" in row["citation"]["text"]
    [listed] = viewer.get(place).json()["results"]
    assert listed == {name: row[name] for name in listed}
    assert viewer.get(f"{place}2/").status_code == 404
    assert viewer.get(f"{place}1e3/").status_code == 404
    assert Client().get(place).status_code == 404
    assert Revision.objects.count() == 1


def test_a_list_is_copied_by_whoever_sees_it_and_told_of_where_it_is_listed():
    public = make_list(title="Open", visibility="public", notes_licence="CC0")
    unlisted = make_list(title="Unlisted", visibility="unlisted")
    caller = Caller(UserFactory())
    put_on(public, "https://example.org/")
    public.refresh_from_db()
    made = caller.send("POST", place_of(public, "fork"), {"title": "Mine"}, Idempotency_Key="a")
    row = made.json()

    assert made.status_code == 201
    told = (row["title"], row["forked_from"], row["forked_from_version"], row["item_count"])
    assert told == ("Mine", str(public.pk), public.version, 1)
    again = caller.send("POST", place_of(public, "fork"), {"title": "Mine"}, Idempotency_Key="a")
    assert again.json() == row
    assert caller.send("POST", place_of(unlisted, "fork")).json()["forked_from"] is None
    assert ReadingList.objects.filter(owner=caller.user).count() == 2


def test_copying_needs_an_account_a_scope_and_a_list_one_sees():
    public = make_list(visibility="public")
    place = place_of(public, "fork")
    assert Client().post(place).status_code == 401
    assert Caller(UserFactory(), ["lists:read"]).send("POST", place).status_code == 403
    assert Caller(UserFactory()).send("POST", place_of(make_list(), "fork")).status_code == 404
    only = Caller(public.owner, only_list=public.pk)
    assert only.send("POST", place).status_code == 403
    assert only.get(place).status_code == 405
