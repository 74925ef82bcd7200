from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts import authentication
from accounts.authentication import HasScope, TokenAuthentication
from accounts.models import ApiToken, ApiTokenQuerySet
from accounts.scopes import READABLE, scope_choices

call = APIRequestFactory()


class ReadOnly(APIView):
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [HasScope]
    renderer_classes = [JSONRenderer]
    throttle_classes: list = []
    scope_resource = "papers"

    def get(self, request):
        return Response({"reader": str(request.user)})


class Papers(ReadOnly):
    def post(self, request):
        return Response({"written": True})


class Forgotten(Papers):
    scope_resource = ""


class Root(Papers):
    scope_resource = None


def ask(view, method="get", bearer: str | None = None, **headers):
    if bearer is not None:
        headers["HTTP_AUTHORIZATION"] = bearer
    response = view.as_view()(getattr(call, method)("/", **headers))
    # Errors are plain responses, which are rendered already.
    return response.render() if hasattr(response, "render") else response


@pytest.fixture
def token(user) -> tuple[ApiToken, str]:
    return ApiToken.issue(user, "notebook", ["papers:read"])


@pytest.mark.django_db
class TestToken:
    def test_is_who_made_it(self, token):
        answer = ask(Papers, bearer=f"Bearer {token[1]}")

        assert (answer.status_code, answer.data) == (200, {"reader": "ada"})

    def test_costs_one_query_and_one_note_of_its_use_a_minute(self, token, time_machine):
        time_machine.move_to("2026-01-01T12:00Z", tick=False)
        with CaptureQueriesContext(connection) as first:
            ask(Papers, bearer=f"Bearer {token[1]}")
        time_machine.move_to("2026-01-01T12:00:59Z", tick=False)
        with CaptureQueriesContext(connection) as soon_after:
            ask(Papers, bearer=f"Bearer {token[1]}")
        time_machine.move_to("2026-01-01T12:01:00Z", tick=False)
        with CaptureQueriesContext(connection) as a_minute_later:
            ask(Papers, bearer=f"Bearer {token[1]}")

        assert (len(first), len(soon_after), len(a_minute_later)) == (2, 1, 2)
        token[0].refresh_from_db()
        assert token[0].last_used_at == timezone.now()

    def test_bad_71_every_refusal_is_the_same(self, token, account):
        _, secret = token
        refused = {
            "unknown": "Bearer rl_" + "x" * 43,
            "malformed": "Bearer nonsense",
            "empty": "Bearer",
            "blank": "Bearer   ",
            "long": "Bearer rl_" + "x" * 10_000,
            "not ascii": "Bearer rl_\u00e9\u00e9\u00e9",
            "NUL": "Bearer rl_\x00",
            "two": f"Bearer {secret} {secret}",
            "expired": bearer_of(account("bob"), expires_at=timezone.now()),
            "revoked": bearer_of(account("eve"), revoked_at=timezone.now()),
            "disabled": bearer_of(account("dan", is_active=False)),
        }
        answers = {why: ask(Papers, bearer=header) for why, header in refused.items()}

        assert {answer.status_code for answer in answers.values()} == {401}
        assert {answer.headers["WWW-Authenticate"] for answer in answers.values()} == {
            'Bearer realm="api"'
        }
        assert len({answer.content for answer in answers.values()}) == 1

    def test_in_another_scheme_is_no_token(self, token):
        assert ask(Papers, bearer=f"Basic {token[1]}").data == {"reader": "AnonymousUser"}

    def test_is_not_in_the_database(self, token):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_apitoken")
            assert token[1] not in str(cursor.fetchall())

    def test_guessing_on_is_slowed(self):
        answers = [ask(Papers, bearer=f"Bearer rl_{number}").status_code for number in range(62)]

        assert answers[:60] == [401] * 60
        assert answers[60:] == [429] * 2

    def test_a_good_one_works_where_somebody_else_guessed(self, token):
        for number in range(61):
            ask(Papers, bearer=f"Bearer rl_{number}")

        assert ask(Papers, bearer=f"Bearer {token[1]}").status_code == 200


def bearer_of(user, revoked_at=None, **fields) -> str:
    token, secret = ApiToken.issue(user, "notebook", ["papers:read"], **fields)
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=revoked_at)
    return f"Bearer {secret}"


# Each guard, taken out: a test that still passed without it would prove nothing.
GUARDS = {
    "expiry": (
        {"expires_at": timedelta(days=-1)},
        lambda self, at=None: self.filter(revoked_at=None, user__is_active=True),
    ),
    "revocation": (
        {"revoked_at": timedelta()},
        lambda self, at=None: self.filter(user__is_active=True),
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("guard", GUARDS)
def test_without_its_check_a_dead_token_would_pass(user, guard):
    dead_since, without_check = GUARDS[guard]
    moment = {name: timezone.now() + since for name, since in dead_since.items()}
    header = bearer_of(user, **moment)

    assert ask(Papers, bearer=header).status_code == 401
    with mock.patch.object(ApiTokenQuerySet, "usable", without_check):
        assert ask(Papers, bearer=header).status_code == 200


@pytest.mark.django_db
class TestScope:
    def test_nobody_needs_one_to_read_what_is_public(self):
        assert ask(Papers).status_code == 200

    @pytest.mark.parametrize("resource", READABLE)
    def test_bad_72_a_token_reads_only_what_it_names(self, user, resource):
        _, secret = ApiToken.issue(user, "notebook", [f"{resource}:read"])
        for other in READABLE:
            view = type("View", (Papers,), {"scope_resource": other})
            answer = ask(view, bearer=f"Bearer {secret}")
            if other == resource:
                assert answer.status_code == 200
            else:
                assert answer.status_code == 403
                assert f"{other}:read" in answer.content.decode()

    def test_the_right_to_write_is_none_to_read(self, user):
        _, secret = ApiToken.issue(user, "notebook", ["papers:write"])

        assert ask(Papers, bearer=f"Bearer {secret}").status_code == 403

    def test_a_view_that_names_no_resource_takes_no_token(self, token):
        assert ask(Forgotten, bearer=f"Bearer {token[1]}").status_code == 403
        assert ask(Root, bearer=f"Bearer {token[1]}").status_code == 200

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
    def test_what_cannot_be_done_is_405_whoever_asks(self, token, method):
        for bearer in (None, f"Bearer {token[1]}"):
            answer = ask(ReadOnly, method, bearer)
            assert answer.status_code == 405
            assert "GET" in answer.headers["Allow"]

    def test_nothing_is_written_that_is_only_there_to_be_read(self, user, monkeypatch):
        monkeypatch.delitem(authentication.WRITABLE, "papers")
        _, secret = ApiToken.issue(user, "notebook", ["papers:read", "papers:write"])

        assert ask(Papers, "post", f"Bearer {secret}").status_code == 403

    def test_writing_needs_an_account_and_the_scope(self, user, monkeypatch):
        monkeypatch.setitem(authentication.WRITABLE, "papers", "Papers")
        _, reading = ApiToken.issue(user, "reads", ["papers:read"])
        _, writing = ApiToken.issue(user, "writes", ["papers:write"])

        assert ask(Papers, "post").status_code == 401
        assert ask(Papers, "post", f"Bearer {reading}").status_code == 403
        assert ask(Papers, "post", f"Bearer {writing}").status_code == 200
        assert ("papers:write", "Papers: change") in scope_choices()

    def test_a_session_reads_without_one(self, user):
        request = call.get("/")
        request.user = user
        assert Papers.as_view()(request).status_code == 200
        request.user = AnonymousUser()
        assert Papers.as_view()(request).status_code == 200
