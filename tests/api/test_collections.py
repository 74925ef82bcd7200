"""What holds of every collection."""

import csv
import io
import json

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.schema import openapi_schema
from config.api import COLLECTIONS as VIEWSETS
from newsletter.models import Publication
from tests import factories
from tests.api.conftest import COLLECTIONS, all_rows

LOOKING_BACK = {"prizes": "&as_of=2023-01-01", "deadlines": "&as_of=2023-01-01"}
each_collection = pytest.mark.parametrize("name", COLLECTIONS)
# Without a filter, and as of a day long after all was announced.
each_view = pytest.mark.parametrize(
    ("name", "query"),
    [(name, "") for name in COLLECTIONS] + list(LOOKING_BACK.items()),
)

# What is somebody's own, and lists: tests/search, tests/papers/importing, tests/prizes,
# tests/readinglists.
TESTED_ELSEWHERE = {
    "deadline-imports",
    "list-imports",
    "lists",
    "paper-imports",
    "reading-states",
    "saved-searches",
    "trackings",
}


def schema_of(path: str) -> dict:
    schema = openapi_schema()
    answer = schema["paths"][path]["get"]["responses"]["200"]
    described = answer["content"]["application/json"]["schema"]
    return {**described, "components": schema["components"]}


def closed(schema: dict) -> dict:
    """The schema with unknown fields refused, so that it names every field there is."""
    text = json.loads(json.dumps(schema, default=str))
    for component in text["components"]["schemas"].values():
        if component.get("type") == "object":
            component["additionalProperties"] = False
            component["required"] = list(component["properties"])
    return text


def test_the_collections_of_this_file_are_those_of_the_api():
    assert {*VIEWSETS} - TESTED_ELSEWHERE == {*COLLECTIONS}


@pytest.mark.one_database
@each_view
def test_answers_are_what_the_schema_says(client, library, name, query):
    library(2)

    page = client.get(f"/api/v1/{name}/?page_size=2{query}").json()
    thing = client.get(f"/api/v1/{name}/{page['results'][0]['id']}/").json()

    assert page["count"] == 2
    jsonschema.validate(page, closed(schema_of(f"/api/v1/{name}/")))
    jsonschema.validate(thing, closed(schema_of(f"/api/v1/{name}/{{id}}/")))


@pytest.mark.one_database
def test_the_number_of_queries_does_not_grow_with_rows(client, library):
    views = [(name, "") for name in COLLECTIONS] + list(LOOKING_BACK.items())

    def count(name: str, query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/api/v1/{name}/?page_size=50{query}")
        assert len(answer.json()["results"]) == Publication.objects.count()
        return len(queries)

    library(1)
    for_one = [count(*view) for view in views]
    library(49)
    for_many = [count(*view) for view in views]

    assert for_many == for_one
    # One more is the count, which one page alone does not need.
    assert max(for_many) + 1 <= 6


@pytest.mark.one_database
@each_collection
def test_one_thing_takes_few_queries_however_much_belongs_to_it(client, library, name):
    library(1)
    first = client.get(f"/api/v1/{name}/").json()["results"][0]
    with CaptureQueriesContext(connection) as before:
        client.get(f"/api/v1/{name}/{first['id']}/")
    entry = factories.Entry.objects.get()
    for _ in range(50):
        factories.LinkFactory(entry=entry, paper=factories.Paper.objects.get())
        factories.EntryFactory(issue=entry.issue, topic=entry.topic)
        factories.SectionFactory(issue=entry.issue)
    with CaptureQueriesContext(connection) as after:
        client.get(f"/api/v1/{name}/{first['id']}/")

    assert len(after) == len(before) <= 10


@each_collection
def test_every_page_is_reached_once_forwards_and_backwards(client, library, name):
    library(5)

    forwards = all_rows(client, f"/api/v1/{name}/?page_size=2")
    last = client.get(f"/api/v1/{name}/?page_size=2")
    while following := last.json()["next"]:
        last = client.get(following)
    backwards = last.json()["results"]
    while before := last.json()["previous"]:
        last = client.get(before)
        backwards = last.json()["results"] + backwards

    ids = [row["id"] for row in forwards]
    assert len(ids) == len(set(ids)) == 5
    assert [row["id"] for row in backwards] == ids


@each_collection
def test_every_documented_order_is_total_and_reversible(client, library, name):
    library(4)

    for key in (*VIEWSETS[name].orderings, "id"):
        up = [row["id"] for row in all_rows(client, f"/api/v1/{name}/?page_size=3&ordering={key}")]
        down = all_rows(client, f"/api/v1/{name}/?page_size=3&ordering=-{key}")
        assert sorted(up) == sorted(row["id"] for row in down)
        assert up == [row["id"] for row in reversed(down)]


@pytest.mark.one_database
@each_collection
def test_links_to_other_pages_stand_in_the_header_too(client, library, name):
    library(3)

    first = client.get(f"/api/v1/{name}/?page_size=1")
    middle = client.get(first.json()["next"])

    assert f'<{first.json()["next"]}>; rel="next"' in first.headers["Link"]
    assert 'rel="prev"' not in first.headers["Link"]
    assert f'<{middle.json()["previous"]}>; rel="prev"' in middle.headers["Link"]
    assert f'<http://testserver/api/v1/{name}/?page_size=1>; rel="first"' in middle.headers["Link"]


@each_collection
def test_what_has_not_changed_is_not_sent_again(client, library, name):
    library(1)
    page = client.get(f"/api/v1/{name}/")
    thing_path = f"/api/v1/{name}/{page.json()['results'][0]['id']}/"
    thing = client.get(thing_path)

    assert page.headers["ETag"].startswith('W/"')
    assert thing.headers["ETag"].startswith('"')
    for path, answer in ((f"/api/v1/{name}/", page), (thing_path, thing)):
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == answer.headers["ETag"]
        assert "RateLimit-Limit" in again.headers


@each_collection
def test_a_change_changes_the_etag(client, library, name):
    library(1)
    before = client.get(f"/api/v1/{name}/").headers["ETag"]
    library(1)

    answer = client.get(f"/api/v1/{name}/", headers={"If-None-Match": before})

    assert answer.status_code == 200
    assert answer.headers["ETag"] != before


@pytest.mark.one_database
@each_collection
def test_rows_come_as_json_lines(client, library, name):
    library(2)

    by_parameter = client.get(f"/api/v1/{name}/?format=jsonl")
    by_header = client.get(f"/api/v1/{name}/", headers={"Accept": "application/jsonl"})

    rows = [json.loads(line) for line in by_parameter.content.splitlines()]
    assert rows == client.get(f"/api/v1/{name}/").json()["results"]
    assert by_header.content == by_parameter.content
    assert by_parameter.headers["Content-Type"] == "application/jsonl"
    assert by_parameter.headers["Content-Disposition"] == f'attachment; filename="{name}.jsonl"'


@pytest.mark.one_database
@each_collection
def test_rows_come_as_csv_with_every_field_as_a_column(client, library, name):
    library(2)

    answer = client.get(f"/api/v1/{name}/?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))

    shown = client.get(f"/api/v1/{name}/").json()["results"]
    assert [row["id"] for row in rows] == [str(row["id"]) for row in shown]
    assert set(rows[0]) == set(shown[0])
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


@each_collection
def test_an_empty_collection_still_names_its_columns(client, db, name):
    header = client.get(f"/api/v1/{name}/?format=csv").content.decode().splitlines()

    assert len(header) == 1
    assert header[0].startswith("id,")


@each_collection
def test_unknown_is_null_and_never_an_empty_text(client, library, name):
    library(2)

    def texts(value: object) -> list[object]:
        if isinstance(value, dict):
            return [text for inner in value.values() for text in texts(inner)]
        return [t for inner in value for t in texts(inner)] if isinstance(value, list) else [value]

    for row in all_rows(client, f"/api/v1/{name}/"):
        assert "" not in texts(client.get(f"/api/v1/{name}/{row['id']}/").json())


@each_collection
def test_answers_are_data_and_say_to_caches_what_they_depend_on(client, library, name):
    library(1)

    answer = client.get(f"/api/v1/{name}/")

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert {"Accept", "Authorization", "Cookie"} <= set(answer.headers["Vary"].split(", "))
    assert answer.headers["Cache-Control"] == "no-cache"


@each_collection
@pytest.mark.parametrize("later", ["query", "fields", "year[]"])
def test_parameters_that_nothing_has_are_unknown(client, db, name, later):
    answer = client.get(f"/api/v1/{name}/", {later: "x"})

    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == (later, "unknown")
    assert "page_size" in error["detail"]


def test_a_signed_in_readers_answers_stay_private(client, library):
    library(1)
    client.force_login(factories.UserFactory())

    assert client.get("/api/v1/papers/").headers["Cache-Control"] == "private, no-cache"


def test_the_index_names_the_collections(client, db):
    answer = client.get("/api/v1/")

    assert set(answer.json()) == {*VIEWSETS, "search", "changes", "schema", "docs"}
    assert answer.json()["papers"] == "http://testserver/api/v1/papers/"
    assert answer.headers["ETag"]
