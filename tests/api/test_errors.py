"""Every error under /api/ is a problem document, whoever raised it."""

import logging

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from api.errors import problem_response
from api.resources import ApiFace
from papers.viewsets import PaperViewSet


class Failing(ApiFace, APIView):
    """A view that raises what a test wants, or reads a body."""

    scope_resource = None
    http_method_names = ["get", "post", "options"]
    permission_classes: list[type] = []
    error: Exception | None = None

    def get(self, request):
        raise self.error

    def post(self, request):
        return exceptions.ErrorDetail(str(request.data))


def ask(error: Exception):
    return Failing.as_view(error=error)(APIRequestFactory().get("/api/v1/x/"))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Http404("secret"), 404),
        (PermissionDenied("secret"), 403),
        (BadRequest("secret"), 400),
        (RequestDataTooBig("secret"), 413),
        (exceptions.NotAuthenticated(), 401),
        (exceptions.Throttled(30), 429),
        (exceptions.UnsupportedMediaType("text/plain"), 415),
        (exceptions.ValidationError({"a": {"b": ["wrong"]}}), 400),
    ],
)
def test_every_kind_of_exception(db, error, status):
    answer = ask(error)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert b"secret" not in answer.content


def test_nested_mistakes_become_a_list_with_dotted_names():
    detail = {"items": [{}, {"url": ["wrong"]}], "non_field_errors": ["both"]}

    answer = problem_response(exceptions.ValidationError(detail), {})

    assert b'"errors":[{"field":"items.1.url","code":"invalid","detail":"wrong"}' in answer.content
    assert b'{"field":null,"code":"invalid","detail":"both"}' in answer.content


def test_headers_that_belong_to_an_error_come_with_it(db):
    assert ask(exceptions.Throttled(30)).headers["Retry-After"] == "30"
    assert ask(exceptions.NotAuthenticated()).headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing/", "/api/v2/papers/"])
def test_an_address_that_is_not_there(client, db, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Not Found"


def test_pages_keep_their_own_words(client, db):
    answer = client.get("/nothing/")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_thing_that_is_not_there_and_one_that_is_hidden_look_the_same(client, library):
    library(1)
    paper = client.get("/api/v1/papers/").json()["results"][0]["id"]
    PaperViewSet.queryset.model.objects.update(is_hidden=True)

    hidden, missing = client.get(f"/api/v1/papers/{paper}/"), client.get("/api/v1/papers/999999/")

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


def test_a_failure_says_nothing_but_the_id_it_is_logged_under(client, db, monkeypatch, caplog):
    def fail(self):
        raise RuntimeError("a secret of the database")

    monkeypatch.setattr(PaperViewSet, "get_queryset", fail)
    client.raise_request_exception = False

    with caplog.at_level(logging.ERROR):
        answer = client.get("/api/v1/papers/")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert b"secret" not in answer.content
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert body["request_id"] in caplog.text


def test_a_token_that_is_none_is_asked_for_another(client, db):
    answer = client.get("/api/v1/papers/", headers={"Authorization": "Bearer rl_nothing"})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["errors"][0]["code"] == "invalid_token"


def test_options_say_what_may_be_done(client, db):
    answer = client.options("/api/v1/topics/")

    assert answer.status_code == 204
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_is_get_without_the_body(client, library):
    library(1)

    head, get = client.head("/api/v1/papers/"), client.get("/api/v1/papers/")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
