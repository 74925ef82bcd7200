"""The schema and its page."""

import json
import re

import pytest
from django.core.management import call_command

from config.api import COLLECTIONS

pytestmark = pytest.mark.one_database


def test_the_schema_is_made_without_a_warning(db, tmp_path):
    path = tmp_path / "schema.json"

    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--format=openapi-json", f"--file={path}"
    )

    schema = json.loads(path.read_text())
    assert schema["openapi"].startswith("3.1")
    assert {f"/api/v1/{name}/" for name in COLLECTIONS} <= set(schema["paths"])


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", "application/json"),
        ("", "application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
        ("?format=yaml", "*/*", "application/yaml; charset=utf-8"),
    ],
)
def test_the_schema_is_served(client, db, query, accept, media_type):
    answer = client.get(f"/api/v1/schema/{query}", headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["ETag"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_filter_and_parameter_is_described(client, db, name):
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    described = {
        parameter["name"]: parameter
        for parameter in schema["paths"][f"/api/v1/{name}/"]["get"]["parameters"]
    }

    known = COLLECTIONS[name].filterset_class.known()
    assert set(described) == known | COLLECTIONS[name].parameters
    assert all(described[each]["schema"] for each in known)


def test_errors_and_deeds_are_described(client, db):
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()

    responses = schema["paths"]["/api/v1/papers/{id}/"]["get"]["responses"]
    assert {"200", "304", "400", "401", "403", "404", "406", "429"} == set(responses)
    assert "application/problem+json" in responses["404"]["content"]

    summaries = {
        f"{method} {path}": operation["summary"]
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }
    assert summaries["get /api/v1/papers/"] == "Works that issues point at, each once"
    assert summaries["patch /api/v1/lists/{id}/"] == "Change it"
    assert summaries["post /api/v1/lists/{list_id}/items/{id}/accept/"] == "Accept"


def test_the_docs_page_needs_nothing_from_elsewhere_and_no_inline_script(client, db):
    page = client.get("/api/v1/docs/")
    html = page.content.decode()

    assert page.headers["Content-Type"].startswith("text/html")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert re.findall(r"(?:src|href)=\"(?!/)", html) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert "<style" not in html
    [script] = re.findall(r'<script src="(/api/[^"]+)"', html)
    answer = client.get(script.replace("&amp;", "&"))
    assert answer.headers["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in answer.content
