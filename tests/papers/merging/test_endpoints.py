"""Merging and splitting over the API: by maintainers, with the scope, once, and told plainly."""

from http import HTTPStatus

import pytest
from django.test import Client

from accounts.models import ApiToken
from papers.merging import merge
from papers.models import Merge, Paper
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Paper, Paper]:
    return factories.PaperFactory(title="Duplicate", venue="ICML"), factories.PaperFactory()


@pytest.fixture
def maintainer():
    return factories.UserFactory(is_staff=True, is_superuser=True)


def caller(user, *scopes: str) -> Client:
    _, secret = ApiToken.issue(user, "script", list(scopes))
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, address: str, body=None, **headers):
    return client.post(f"/api/v1/{address}", body or {}, "application/json", headers=headers)


def test_a_paper_is_merged_and_split_again(pair, maintainer):
    script = caller(maintainer, "papers:write", "papers:read")
    answer = post(script, f"papers/{pair[0].pk}/merge/", {"into": pair[1].pk, "taken": ["title"]})
    assert answer.status_code == HTTPStatus.CREATED, answer.text
    made = answer.json()
    assert (made["duplicate"], made["into"], made["stayed"]) == (pair[0].pk, pair[1].pk, [])
    assert {"kind": "paper", "count": 2} in made["moved"]
    kept = script.get(f"/api/v1/papers/{pair[1].pk}/").json()
    assert (kept["title"], kept["venue"]) == ("Duplicate", "ICML")
    assert kept["former_keys"] == [pair[0].citation_key]
    assert script.get(f"/api/v1/papers/{pair[0].pk}/").status_code == 308
    answer = post(script, f"merges/{made['id']}/split/")
    assert answer.status_code == HTTPStatus.OK
    assert answer.json()["split_at"] is not None
    assert script.get(f"/api/v1/papers/{pair[0].pk}/").status_code == HTTPStatus.OK


def test_the_same_key_merges_once(pair, maintainer):
    script = caller(maintainer, "papers:write")
    address, body = f"papers/{pair[0].pk}/merge/", {"into": pair[1].pk}
    first, second = (post(script, address, body, Idempotency_Key="once") for _ in range(2))
    assert first.json() == second.json()
    assert Merge.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "into", "required"),
        ({"into": 10**30}, None, "number_too_large"),
        ({"into": 10**6}, "into", "does_not_exist"),
        ({"into": "x"}, "into", "invalid"),
        ({"into": 1, "taken": ["citation_key"]}, "taken.0", "invalid_choice"),
        ({"into": 1, "id": 5}, "id", "unknown"),
        ([], None, "not_an_object"),
    ],
)
def test_a_body_that_does_not_fit_names_its_field(pair, maintainer, body, field, code):
    script = caller(maintainer, "papers:write")
    answer = script.post(f"/api/v1/papers/{pair[0].pk}/merge/", body, "application/json")
    assert answer.status_code == HTTPStatus.BAD_REQUEST, answer.text
    assert (field, code) in [(each["field"], each["code"]) for each in answer.json()["errors"]]
    assert not Merge.objects.exists()


def test_what_cannot_be_done_is_a_conflict_in_words(pair, maintainer):
    script = caller(maintainer, "papers:write")
    itself = post(script, f"papers/{pair[0].pk}/merge/", {"into": pair[0].pk})
    made = merge(*pair)
    again = post(script, f"papers/{pair[0].pk}/merge/", {"into": pair[1].pk})
    assert post(script, f"merges/{made.pk}/split/").status_code == HTTPStatus.OK
    twice = post(script, f"merges/{made.pk}/split/")
    assert [each.status_code for each in (itself, again, twice)] == [409, 409, 409]
    assert "already" in again.json()["detail"]
    assert "already" in twice.json()["detail"]


@pytest.mark.parametrize("address", ["papers/{}/merge/", "merges/{}/split/"])
@pytest.mark.parametrize("number", [10**6, 10**30])
def test_what_is_not_there_is_404(pair, maintainer, address, number):
    script = caller(maintainer, "papers:write")
    answer = post(
        script, address.format(number), {"into": pair[1].pk} if "paper" in address else {}
    )
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_only_maintainers_with_the_scope_may(pair, maintainer):
    made = merge(factories.PaperFactory(), pair[1])
    reader = factories.UserFactory()
    for client, status in (
        (Client(), HTTPStatus.UNAUTHORIZED),
        (caller(reader, "papers:write"), HTTPStatus.FORBIDDEN),
        (caller(factories.UserFactory(is_staff=True), "papers:write"), HTTPStatus.FORBIDDEN),
        (caller(maintainer, "papers:read"), HTTPStatus.FORBIDDEN),
    ):
        answers = [
            post(client, f"papers/{pair[0].pk}/merge/", {"into": pair[1].pk}),
            post(client, f"merges/{made.pk}/split/"),
        ]
        assert [each.status_code for each in answers] == [status, status]
    assert Merge.objects.standing().get() == made


def test_nothing_is_changed_by_looking(pair, maintainer):
    script = caller(maintainer, "papers:write", "papers:read")
    answer = script.get(f"/api/v1/papers/{pair[0].pk}/merge/")
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert "POST" in answer.headers["Allow"]
