"""The API held to its own description: anything the schema allows is asked for, and what not."""

import json
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import ApiToken
from accounts.scopes import scope_choices
from api.schema import openapi_schema
from config.wsgi import application
from tests.site.addresses import NOWHERE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Six, on a second database two, as the profile has it.
EXAMPLES, IN_A_TRIAL = settings.default.max_examples // 4, 500
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture(autouse=True)
def _keep_the_connection() -> Iterator[None]:
    """Requests come in by WSGI, and would close the connection that holds the test's rows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations() -> dict[str, object]:
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(openapi_schema(), default=str)))
    schema.app = application
    schema.config.update(base_url="http://testserver")
    found = [each.ok() for each in schema.get_all_operations()]
    return {operation.label: operation for operation in found}


OPERATIONS = operations()


def ask_in_all_ways(library, operation_label: str, who: str, examples: int) -> int:
    """How many answers were judged, none of which broke the schema's word."""
    headers = {"Accept-Encoding": "identity"}
    if who == "token":
        scopes = [scope for scope, _ in scope_choices()]
        _, secret = ApiToken.issue(library.maintainer, "schemathesis", scopes)
        headers["Authorization"] = f"Bearer {secret}"
    name = operation_label.partition("/api/v1/")[2].partition("/")[0]
    ids = {
        "publications": library.publication.pk,
        "issues": library.issue.pk,
        "topics": library.topic.pk,
        "entries": library.entry.pk,
        "papers": library.paper.pk,
        "prizes": library.prize.pk,
        "deadlines": library.deadline.pk,
        "deadline-imports": library.deadline_import.pk,
        "trackings": library.tracking.pk,
        "paper-imports": library.paper_import.pk,
        "list-imports": library.list_import.pk,
        "saved-searches": library.saved_search.pk,
        "lists": library.reading_list.pk,
        "reading-states": library.paper.pk,
    }
    if part := operation_label.partition("/lists/{list_id}/")[2].partition("/")[0]:
        one_of = {"items": "item", "sections": "section", "notes": "note", "events": "event"}
        things = {key: getattr(library, f"list_{name}").pk for key, name in one_of.items()}
        name, ids = part, {**things, "revisions": 1}
    operation, judged = OPERATIONS[operation_label], 0

    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        case=st.one_of(operation.as_strategy(generation_mode=mode) for mode in MODES),
        is_there=st.booleans(),
    )
    def judge(case, is_there):
        nonlocal judged
        if is_there and "id" in case.path_parameters:
            case.path_parameters["id"] = str(ids.get(name, NOWHERE))
        if is_there and "list_id" in case.path_parameters:
            case.path_parameters["list_id"] = str(library.reading_list.pk)
        case.headers = {**(case.headers or {}), **headers}
        case.call_and_validate(checks=CHECKS)
        judged += 1

    judge()
    return judged


@pytest.mark.parametrize("who", ["stranger", "token"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_as_the_schema_says(library, operation, who):
    assert ask_in_all_ways(library, operation, who, EXAMPLES) > 0


@pytest.mark.trial
@pytest.mark.parametrize("who", ["stranger", "token"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_five_hundred_answers_each_are_as_the_schema_says(library, operation, who):
    assert ask_in_all_ways(library, operation, who, IN_A_TRIAL) > 0


def test_json_lines_of_no_rows_say_what_they_are(library):
    answer = library.clients["stranger"].get("/api/v1/papers/?format=jsonl&doi=10.1/none")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Type"] == "application/jsonl"
