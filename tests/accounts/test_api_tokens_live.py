"""Tokens against the API as it is served, collection by collection."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.scopes import READABLE
from config.api import COLLECTIONS


def get(client: Client, collection: str, secret: str):
    return client.get(f"/api/v1/{collection}/", HTTP_AUTHORIZATION=f"Bearer {secret}")


# Imports go with what they bring in.
SCOPES = {name: view.scope_resource for name, view in COLLECTIONS.items()}
OF_WHAT_THEY_BRING = {
    "paper-imports": "papers",
    "deadline-imports": "deadlines",
    "list-imports": "lists",
}


def test_every_collection_has_its_scope():
    assert {*SCOPES.values(), "search", "changes"} == set(READABLE)
    assert {name: OF_WHAT_THEY_BRING.get(name, name) for name in COLLECTIONS} == SCOPES


@pytest.mark.django_db
@pytest.mark.parametrize("collection", COLLECTIONS)
class TestEveryCollection:
    def test_bad_72_opens_to_its_own_scope_only(self, client, user, collection):
        scope = SCOPES[collection]
        _, right = ApiToken.issue(user, "right", [f"{scope}:read"])
        others = [f"{name}:read" for name in READABLE if name != scope]
        _, wrong = ApiToken.issue(user, "wrong", others)
        refused = get(client, collection, wrong)

        assert get(client, collection, right).status_code == 200
        assert refused.status_code == 403
        assert refused.headers["Content-Type"].startswith("application/problem+json")
        assert f"{scope}:read" in refused.json()["detail"]

    def test_bad_71_refuses_every_dead_token_alike(self, client, user, account, collection):
        scopes = [f"{SCOPES[collection]}:read"]
        token, revoked = ApiToken.issue(user, "revoked", scopes)
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
        _, expired = ApiToken.issue(user, "expired", scopes, expires_at=timezone.now())
        _, orphaned = ApiToken.issue(account("gone", is_active=False), "disabled", scopes)
        secrets = [revoked, expired, orphaned, "nonsense", "rl_" + "x" * 10_000]
        answers = [get(client, collection, secret) for secret in secrets]

        assert {answer.status_code for answer in answers} == {401}
        assert {answer.headers["WWW-Authenticate"] for answer in answers} == {'Bearer realm="api"'}
        assert len({answer.content for answer in answers}) == 1

    def test_a_disabled_owners_token_ends_with_the_next_request(self, client, user, collection):
        _, secret = ApiToken.issue(user, "notebook", [f"{SCOPES[collection]}:read"])
        assert get(client, collection, secret).status_code == 200
        User.objects.filter(pk=user.pk).update(is_active=False)

        assert get(client, collection, secret).status_code == 401


@pytest.mark.django_db
def test_the_schema_says_how_to_send_one(client):
    schema = client.get("/api/v1/schema/?format=json").json()

    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert {"token": []} in schema["paths"]["/api/v1/papers/"]["get"]["security"]
