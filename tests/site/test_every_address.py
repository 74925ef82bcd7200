"""What holds of every address there is, whoever asks."""

import logging
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.test.utils import override_settings

from accounts.models import ApiToken, EntryLink, User
from readinglists.models import ReadingList
from readinglists.sharing.invitations import invite
from tests.site.addresses import (
    DELETED_AS_THEY_ARE,
    FILLED,
    WRITING_ONLY,
    address_of,
    all_routes,
    needs_filling,
)
from tests.site.crawl import Answer, ask, crawl, dump, failures, state_of_tables
from tests.site.library import PASSWORD

pytestmark = pytest.mark.one_database

WITHOUT_LIMITS = {"API_RATE_LIMITS": {"anonymous": "100000/60", "user": "100000/60"}}
INLINE = re.compile(
    rb"""<script(?![^>]*\bsrc=)(?![^>]*type="application/(?:ld\+)?json")"""
    rb"""|<[^>]*\son\w+\s*=\s*["']|<[^>]*\sstyle\s*=\s*["']|<style""",
    re.IGNORECASE,
)
FOR_STRANGERS = {
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "accounts:invitation",
    "accounts:maintainer",
}
FACTOR = "JBSWY3DPEHPK3PXP"
LONG_WORD = re.compile(r"(?<=/)[\w-]{30,}(?=/)")
SAFE_REFERRERS = {"same-origin", "strict-origin", "no-referrer", "strict-origin-when-cross-origin"}


@pytest.fixture(scope="module")
def tables_before(shared_library) -> dict[str, str]:
    return state_of_tables()


@pytest.fixture(scope="module")
def log() -> Iterator[StringIO]:
    """What the handler of the settings writes meanwhile."""
    (handler,) = [each for each in logging.getLogger().handlers if each.name == "stderr"]
    stream = StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


@pytest.fixture(scope="module")
def answers(shared_library, tables_before, log) -> list[Answer]:
    with override_settings(**WITHOUT_LIMITS):
        return crawl(shared_library)


def test_every_route_has_an_address_here():
    missing = [str(r) for r in all_routes() if needs_filling(r) and r.key not in FILLED]

    assert missing == []


def test_no_address_fails_for_anybody(answers):
    assert failures(answers) == []


def test_every_route_leads_a_maintainer_somewhere(answers):
    """Else this crawl would look at nothing but 404 pages."""
    reached = {a.route.key for a in answers if a.response.status_code < 400}
    missed = [str(r) for r in all_routes() if r.key not in reached]

    assert [
        key
        for key in missed
        if not key.startswith(("mfa_", "accounts:revoke", "accounts:withdraw", "admin"))
        and key not in WRITING_ONLY
    ] == []


def test_the_admin_is_for_maintainers_alone(answers):
    entered = [
        str(a)
        for a in answers
        if a.route.is_admin and a.who != "maintainer" and a.response.status_code not in {302, 403}
    ]

    assert entered == []
    inside = [a for a in answers if a.route.is_admin and a.who == "maintainer"]
    assert sum(a.response.status_code == 200 for a in inside) > len(inside) / 2


def test_what_belongs_to_an_account_is_shown_to_no_stranger(answers):
    shown = {
        (a.route.key, a.who) for a in answers if a.route.is_own and a.response.status_code == 200
    }
    to_strangers = {key for key, who in shown if who == "stranger"}

    assert to_strangers <= FOR_STRANGERS
    assert len({key for key, who in shown if who == "reader"} - to_strangers) > 10


def policy_of(answer: Answer) -> dict[str, list[str]]:
    parts = answer.response.headers.get("Content-Security-Policy", "").split(";")
    return {name: sources for name, *sources in (part.split() for part in parts if part.strip())}


def test_the_content_security_policy_is_strict_everywhere(answers):
    for answer in answers:
        policy = policy_of(answer)
        assert policy["default-src"] in (["'self'"], ["'none'"]), answer
        assert policy["frame-ancestors"] == ["'none'"], answer
        words = {word for sources in policy.values() for word in sources}
        assert words <= {"'self'", "'none'", "data:"}, answer
        if answer.response.headers.get("Content-Disposition", "").startswith("attachment"):
            assert policy["default-src"] == ["'none'"], answer
            assert "sandbox" in policy, answer
        if answer.is_page:
            assert policy["script-src"] == policy["style-src"] == ["'self'"], answer
            assert policy["object-src"] == policy["base-uri"] == ["'none'"], answer
            assert policy["form-action"] == ["'self'"], answer


def test_the_other_security_headers_are_everywhere(answers):
    for answer in answers:
        headers = answer.response.headers
        assert headers["X-Content-Type-Options"] == "nosniff", answer
        assert headers["X-Frame-Options"] == "DENY", answer
        assert headers["Referrer-Policy"] in SAFE_REFERRERS, answer
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", answer
        assert "camera=()" in headers["Permissions-Policy"], answer
        assert "Access-Control-Allow-Origin" not in headers, answer
        if answer.body:
            assert "Content-Type" in headers, answer
            if answer.is_page:
                assert "charset=utf-8" in headers["Content-Type"].lower(), answer


def test_what_is_somebodys_own_is_kept_by_no_cache(answers):
    for answer in answers:
        control = answer.response.headers.get("Cache-Control", "")
        if answer.who != "stranger" and answer.is_page and answer.response.status_code == 200:
            assert "no-store" in control or "private" in control, answer
        if answer.route.is_own and answer.response.status_code == 200:
            assert "no-store" in control or "no-cache" in control, answer


def test_no_page_shows_a_secret(answers, library):
    secrets = [session.session_key for session in Session.objects.all()]
    secrets += ApiToken.objects.values_list("digest", flat=True)
    secrets += EntryLink.objects.values_list("digest", flat=True)
    secrets += [user.password.rpartition("$")[2] for user in User.objects.all()]
    secrets += [settings.SECRET_KEY]
    found = [
        str(answer)
        for answer in answers
        for word in secrets
        if word and word.encode() in answer.body
    ]

    assert found == []


def test_who_holds_a_copy_of_the_database_or_of_the_log_can_use_no_secret(
    answers, library, log, mailoutbox
):
    """Each was used or looked at by everybody. The keys of sessions are the exception: Django finds
    them by what the browser sends."""
    client, reader = Client(), library.reader
    header = {"Authorization": f"Bearer {library.api_token}"}
    assert client.get("/api/v1/papers/", headers=header).status_code == 200
    client.get(f"/no/such/page/?token={library.api_token}")
    TOTP.activate(reader, FACTOR)
    invite(library.reading_list.pk, library.maintainer, "viewer", "eve@example.org")
    client.post("/accounts/password/reset/", {"email": reader.email})
    mailed = [word for mail in mailoutbox for word in LONG_WORD.findall(mail.body)]
    assert len(mailed) >= 2
    for word in mailed:
        client.get(f"/accounts/password/reset/key/{word}/")
    secrets = {value for value in vars(library).values() if isinstance(value, str)}
    secrets |= {PASSWORD, FACTOR, *mailed, *RecoveryCodes.activate(reader).get_unused_codes()}
    assert not [word for word in secrets if len(word) < 8]

    assert [(table, word) for table, row in dump() for word in secrets if word in row] == []
    assert "/s/***" in log.getvalue()
    assert [word for word in secrets if word in log.getvalue()] == []
    ReadingList.objects.update(title=library.list_secret)
    assert [table for table, row in dump() if library.list_secret in row] == [
        "readinglists_readinglist"
    ]


def test_nothing_on_a_page_is_written_inline(answers):
    found = [
        f"{answer}: {match[0]!r}"
        for answer in answers
        if answer.is_page and (match := INLINE.search(answer.body))
    ]

    assert found == []


def test_looking_changes_nothing(answers, tables_before, shared_library):
    """Twice, since what a first look makes ready a second one might use."""
    after_one = state_of_tables()
    for answer in answers:
        if answer.response.status_code == 200:
            ask(shared_library.clients[answer.who], answer.address)
    after_two = state_of_tables()

    assert {name for name in after_one if after_one[name] != tables_before[name]} == set()
    assert {name for name in after_two if after_two[name] != tables_before[name]} == set()


# Sent by mail services, without a cookie (RFC 8058): the signed address is the proof.
GUARDED_BY_THEIR_ADDRESS = {"prizes:stop-reminders"}


def test_what_changes_something_needs_a_token_of_the_form(library):
    let_in = []
    for who, client in library.clients.items():
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        for route in all_routes():
            if route.is_admin and who != "maintainer":
                continue
            if route.is_api and who == "stranger":
                continue  # no session to be abused; only reading is offered, see tests/api
            if route.key in GUARDED_BY_THEIR_ADDRESS:
                continue
            address = address_of(route, library)
            kind = {"content_type": "application/json"} if route.is_api else {}
            answer = ask(strict, address, "post", **kind)
            if answer.status_code not in {403, 405}:
                let_in.append(f"{answer.status_code} for {who} at {address}")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = library.clients["reader"].cookies
    assert ask(strict, "/theme/", "post", data={"theme": "dark"}).status_code == 403
    assert let_in == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_no_page_offers_changes_nothing(library, method):
    before = state_of_tables()
    for route in all_routes():
        if method == "DELETE" and route.key in DELETED_AS_THEY_ARE:
            continue
        # The admin takes whatever is no POST for a GET; one such method shows it.
        if not route.is_admin or method == "DELETE":
            client = library.clients["maintainer"]
            answer = ask(client, address_of(route, library), method.lower())
            assert answer.status_code < 500, (route, answer.exc_info)

    assert state_of_tables() == before


@pytest.mark.parametrize("method", ["TRACE", "FOO", "PROPFIND"])
def test_bad_81_a_method_nobody_knows_is_refused_everywhere(library, method):
    for route in all_routes():
        answer = library.clients["maintainer"].generic(method, address_of(route, library))
        assert answer.status_code == 405, route
        verb = "POST" if route.key in WRITING_ONLY else "GET"
        assert verb in answer.headers["Allow"], route


def test_a_method_in_disguise_is_ignored(library):
    before = state_of_tables()
    for route in all_routes():
        if route.is_admin:
            continue
        ask(
            library.clients["reader"],
            f"{address_of(route, library)}?_method=DELETE",
            headers={"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"},
        )

    assert state_of_tables() == before
