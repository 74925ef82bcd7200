"""A POST sent again does nothing twice."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from api.idempotency import KEPT_FOR, forget_old, idempotent
from api.models import IdempotentAnswer
from api.resources import ApiFace
from papers.models import Topic
from tests import factories


class TopicPost(ApiFace, APIView):
    """Makes a topic: the smallest thing that can be made twice."""

    http_method_names = ["post"]
    permission_classes: list[type] = []

    @idempotent
    def post(self, request):
        if "slug" not in request.data:
            raise ValidationError({"slug": ["missing"]})
        topic = Topic.objects.create(slug=request.data["slug"], name="A topic")
        return Response({"id": topic.pk}, status=201, headers={"Location": f"/topics/{topic.pk}/"})


def post(data: object, key: str | None = None, user=None, path: str = "/api/v1/x/"):
    headers = {} if key is None else {"Idempotency-Key": key}
    request = APIRequestFactory().post(path, data, format="json", headers=headers)
    force_authenticate(request, user or AnonymousUser())
    response = TopicPost.as_view()(request)
    return response.render() if hasattr(response, "render") else response


def test_the_first_answer_is_given_again(db):
    first, again = post({"slug": "one"}, "key"), post({"slug": "one"}, "key")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Topic.objects.count() == 1


@pytest.mark.parametrize("other", [{"data": {"slug": "two"}}, {"path": "/api/v1/y/"}])
def test_the_same_key_with_another_request_is_a_422(db, other):
    post({"slug": "one"}, "key")

    answer = post(**{"data": {"slug": "one"}, "key": "key", **other})

    assert answer.status_code == 422
    assert Topic.objects.count() == 1


def test_a_key_is_private_to_who_sent_it(db):
    one, two = factories.UserFactory(), factories.UserFactory()
    post({"slug": "one"}, "key", one)

    answer = post({"slug": "two"}, "key", two)

    assert answer.status_code == 201
    assert Topic.objects.count() == 2


def test_a_refused_request_leaves_no_key_behind(db):
    refused = post({}, "key")
    mended = post({"slug": "one"}, "key")

    assert (refused.status_code, mended.status_code) == (400, 201)


@pytest.mark.parametrize("key", ["", "a b", "é", "a" * 256, "a\x00"])
def test_a_key_that_is_none_is_a_400(db, key):
    answer = post({"slug": "one"}, key)

    assert answer.status_code == 400
    assert b'"field":"Idempotency-Key"' in answer.content
    assert not Topic.objects.exists()


def test_without_a_key_nothing_is_kept(db):
    post({"slug": "one"})

    assert not IdempotentAnswer.objects.exists()


def test_a_key_is_forgotten_after_a_day(db):
    post({"slug": "one"}, "key")
    IdempotentAnswer.objects.update(created_at=timezone.now() - KEPT_FOR * 2)

    assert forget_old() == 1


def test_two_at_once_do_the_work_once(transactional_db):
    answers = []

    def send():
        answers.append(post({"slug": "one"}, "key"))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert Topic.objects.count() == 1
