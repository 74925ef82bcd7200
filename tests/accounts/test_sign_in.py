import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as site
from django.core import mail
from django.core.cache import cache

from accounts.adapter import is_local_path
from accounts.models import ApiToken, User
from tests.accounts.conftest import PASSWORD, confirm_password, sign_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW_PASSWORD = {"password1": "another good one", "password2": "another good one"}
NEXT_ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "///evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/%0d%0aLocation: https://evil.example",
    "/\r\nLocation: https://evil.example",
]


def current_code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def enter(client, code: str):
    return client.post("/accounts/2fa/authenticate/", {"code": code})


def is_signed_in(client) -> bool:
    return client.get("/accounts/preferences/").status_code == 200


@pytest.mark.django_db
class TestGuessing:
    def test_the_sixth_try_is_refused_even_with_the_right_password(self, client, user):
        for _ in range(5):
            assert "not correct" in sign_in(client, user, "wrong").text
        assert "Too many failed" in sign_in(client, user).text
        assert not is_signed_in(client)

    def test_one_may_try_again_after_five_minutes(self, client, user, time_machine):
        time_machine.move_to("2026-01-01T12:00Z", tick=False)
        for _ in range(6):
            sign_in(client, user, "wrong")
        time_machine.move_to("2026-01-01T12:06Z", tick=False)

        assert sign_in(client, user).status_code == 302

    @pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"])
    def test_a_forged_address_changes_nothing(self, client, account, header):
        users = [account(f"user{number}") for number in range(12)]
        answers = [
            sign_in(client, user, "wrong", **{header: f"203.0.113.{number}"}).text
            for number, user in enumerate(users)
        ]

        assert "not correct" in answers[9]
        assert "Too many failed" in answers[10]

    def test_signing_in_to_ones_own_account_forgives_no_failures(self, client, account):
        mallory, victim = account("mallory"), [account(f"user{number}") for number in range(11)]
        for number in range(10):
            sign_in(client, victim[number], "wrong")
            if number % 3 == 2:
                sign_in(client, mallory)
                client.post("/accounts/logout/")

        assert "Too many failed" in sign_in(client, victim[10], "wrong").text

    def test_another_name_of_the_same_host_gives_no_more_tries(self, client, user):
        for host in ["testserver", "localhost", "127.0.0.1", "testserver", "localhost"]:
            sign_in(client, user, "wrong", HTTP_HOST=host)

        assert "Too many failed" in sign_in(client, user, HTTP_HOST="127.0.0.1").text

    def test_other_keys_do_not_push_the_counts_out_of_the_cache(self, client, user):
        for _ in range(5):
            sign_in(client, user, "wrong")
        cache.set_many({f"filler-{number}": 1 for number in range(400)})

        assert "Too many failed" in sign_in(client, user).text

    def test_codes_of_the_second_factor_are_limited_too(self, client, user):
        TOTP.activate(user, SECRET)
        sign_in(client, user)
        for _ in range(5):
            assert (
                "Incorrect code"
                in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).text
            )
        enter(client, current_code())

        assert not is_signed_in(client)

    def test_an_unknown_name_and_a_wrong_password_look_alike(self, client, user):
        known = sign_in(client, user, "wrong")
        unknown = sign_in(client, User(username="nobody"), "wrong")

        assert known.context["form"].errors == unknown.context["form"].errors


@pytest.mark.django_db
class TestSession:
    def test_its_key_changes_at_sign_in(self, client, user):
        client.post("/accounts/reauthenticate/")  # any page that starts a session
        session = client.session
        session["before"] = True
        session.save()
        client.cookies[site.SESSION_COOKIE_NAME] = before = session.session_key
        sign_in(client, user)

        assert client.cookies[site.SESSION_COOKIE_NAME].value != before
        assert not client.session.exists(before)

    def test_sign_out_ends_it_and_clears_the_browser(self, client, user):
        sign_in(client, user)
        key = client.session.session_key
        answer = client.post("/accounts/logout/")

        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert not client.session.exists(key)
        assert not is_signed_in(client)

    def test_asking_to_sign_out_does_not_do_it_yet(self, client, user):
        sign_in(client, user)
        client.get("/accounts/logout/")

        assert is_signed_in(client)

    def test_the_list_shows_it_and_can_end_the_others(self, client, user, other_browser):
        sign_in(client, user, HTTP_USER_AGENT="Firefox here")
        sign_in(other_browser, user, HTTP_USER_AGENT="Safari there")
        page = client.get("/accounts/sessions/").text
        assert "Firefox here" in page
        assert "Safari there" in page
        assert client.session.session_key not in page

        client.post("/accounts/sessions/")
        assert is_signed_in(client)
        assert not is_signed_in(other_browser)

    def test_changing_the_password_ends_all_sessions(self, trusted, user, other_browser):
        sign_in(other_browser, user)
        new = {
            "oldpassword": PASSWORD,
            "password1": "another good one",
            "password2": "another good one",
        }
        trusted.post("/accounts/password/change/", new)

        assert not is_signed_in(other_browser)

    def test_a_disabled_account_loses_sessions_and_tokens_at_once(self, client, user):
        sign_in(client, user)
        key = client.session.session_key
        token, _ = ApiToken.issue(user, "notebook", ["papers:read"])
        user.is_active = False
        user.save()

        assert not is_signed_in(client)
        assert not client.session.exists(key)
        token.refresh_from_db()
        assert token.revoked_at is not None

    def test_an_account_disabled_behind_our_back_is_shut_out_as_well(self, client, user):
        sign_in(client, user)
        User.objects.filter(pk=user.pk).update(is_active=False)

        assert not is_signed_in(client)

    def test_a_disabled_account_cannot_sign_in(self, client, account):
        assert (
            sign_in(client, account("old", is_active=False)).headers["Location"]
            == "/accounts/inactive/"
        )
        assert not is_signed_in(client)


@pytest.mark.django_db
class TestWhereSignInLeads:
    @pytest.mark.parametrize("path", NEXT_ELSEWHERE)
    def test_bad_85_never_to_another_site(self, client, user, path):
        answer = client.post(
            "/accounts/login/", {"login": "ada", "password": PASSWORD, "next": path}
        )

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/")
        assert "evil" not in answer.headers["Location"] or is_local_path(path)

    @pytest.mark.parametrize("path", NEXT_ELSEWHERE)
    def test_bad_85_neither_do_sign_out_nor_the_theme_nor_the_password_question(
        self, client, user, path
    ):
        sign_in(client, user)
        places = [
            client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path}),
            client.post("/theme/", {"theme": "dark", "next": path}),
            client.post("/accounts/logout/", {"next": path}),
        ]

        for answer in places:
            assert answer.headers["Location"].startswith("/")
            assert not answer.headers["Location"].startswith(("//", "/\\"))

    def test_back_to_where_somebody_was(self, client, user):
        page = "/accounts/tokens/?page=2"
        question = "/accounts/login/?next=/accounts/tokens/%3Fpage%3D2"
        assert client.get(page).headers["Location"] == question
        form = {"login": "ada", "password": PASSWORD, "next": page}

        assert client.post("/accounts/login/", form).headers["Location"] == page

    def test_bad_93_a_strange_host_is_refused(self, client):
        assert client.get("/accounts/login/", HTTP_HOST="evil.example").status_code == 400


@pytest.mark.django_db
class TestPasswordReset:
    def test_answers_the_same_for_known_and_unknown_addresses(self, client, user):
        known = client.post("/accounts/password/reset/", {"email": user.email})
        unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

        assert known.status_code == unknown.status_code == 302
        assert known.headers["Location"] == unknown.headers["Location"]
        assert known.content == unknown.content

    def test_mails_a_link_that_works_once(self, client, user):
        client.post("/accounts/password/reset/", {"email": user.email})
        path = link_in(mail.outbox[0])
        form = client.get(path, follow=True)
        client.post(form.redirect_chain[-1][0], NEW_PASSWORD)

        assert sign_in(client, user, "another good one").status_code == 302
        client.post("/accounts/logout/")
        assert "This link has ended" in client.get(path, follow=True).text

    def test_keeps_the_second_factor(self, client, user):
        TOTP.activate(user, SECRET)
        client.post("/accounts/password/reset/", {"email": user.email})
        form = client.get(link_in(mail.outbox[0]), follow=True)
        client.post(form.redirect_chain[-1][0], NEW_PASSWORD)

        assert (
            sign_in(client, user, "another good one").headers["Location"]
            == "/accounts/2fa/authenticate/"
        )

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
    def test_never_links_to_the_host_header(self, client, user, host):
        client.post("/accounts/password/reset/", {"email": user.email}, HTTP_HOST=host)

        assert "http://testserver/accounts/password/reset/key/" in mail.outbox[0].body
        assert host not in mail.outbox[0].body

    @pytest.mark.parametrize(
        ("stored", "typed"),
        [
            ("mike@example.org", "mıke@example.org"),
            ("mike@example.org", "miKe@example.org"),
            ("mike@example.org", "ｍike@example.org"),
            ("mike@example.org", "mike@еxample.org"),
            ("mike@github.example", "mike@gıthub.example"),
            ("mıke@example.org", "mike@example.org"),
        ],
    )
    def test_bad_88_mails_only_to_the_stored_address(self, client, account, stored, typed):
        user = account("mike")
        EmailAddress.objects.filter(user=user).update(email=stored)
        User.objects.filter(pk=user.pk).update(email=stored)
        client.post("/accounts/password/reset/", {"email": typed})

        with_key = [message for message in mail.outbox if "/password/reset/key/" in message.body]
        assert all(message.to == [stored] for message in with_key)


def link_in(message) -> str:
    (line,) = [line for line in message.body.splitlines() if "/password/reset/key/" in line]
    return line.removeprefix("http://testserver")


@pytest.mark.django_db
class TestSecondFactor:
    def test_is_set_up_with_a_picture_and_asked_for_at_the_next_sign_in(self, trusted, user):
        page = trusted.get("/accounts/2fa/totp/activate/")
        assert 'src="data:image/svg+xml' in page.text
        secret = page.context["form"].secret
        counter = next(iter(yield_hotp_counters_from_time()))
        code = format_hotp_value(hotp_value(secret, counter))
        trusted.post("/accounts/2fa/totp/activate/", {"code": code})
        trusted.post("/accounts/logout/")

        assert sign_in(trusted, user).headers["Location"] == "/accounts/2fa/authenticate/"
        assert not is_signed_in(trusted)

    def test_takes_the_right_code(self, client, user):
        TOTP.activate(user, SECRET)
        sign_in(client, user)
        enter(client, current_code())

        assert is_signed_in(client)

    def test_takes_each_recovery_code_once(self, client, user, other_browser):
        TOTP.activate(user, SECRET)
        code = RecoveryCodes.activate(user).get_unused_codes()[0]
        for browser, gets_in in [(client, True), (other_browser, False)]:
            sign_in(browser, user)
            enter(browser, code)
            assert is_signed_in(browser) is gets_in

    def test_stands_encrypted_in_the_database(self, user):
        authenticator = TOTP.activate(user, SECRET).instance

        assert SECRET not in str(authenticator.data)
        assert TOTP(authenticator).validate_code(current_code())

    def test_is_still_read_after_the_secret_key_changed(self, user, settings):
        authenticator = TOTP.activate(user, SECRET).instance
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "x" * 60

        assert TOTP(authenticator).validate_code(current_code())

    @pytest.mark.parametrize(
        "path",
        [
            "/accounts/2fa/totp/activate/",
            "/accounts/2fa/webauthn/add/",
            "/accounts/2fa/recovery-codes/generate/",
            "/accounts/tokens/",
            "/accounts/data/",
            "/accounts/delete/",
        ],
    )
    def test_is_changed_only_by_who_has_just_shown_who_they_are(self, client, user, path):
        TOTP.activate(user, SECRET)
        client.force_login(user)
        answer = client.get(path)

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")


def end_of_redirects(client, path: str) -> str:
    return client.get(path, follow=True).redirect_chain[-1][0]


@pytest.mark.django_db
class TestEnteringTheAdmin:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.REQUIRE_STAFF_MFA = True

    def test_needs_a_second_factor(self, client, maintainer):
        sign_in(client, maintainer)

        assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/2fa/"
        assert (
            client.get("/admin/accounts/user/", follow=True).redirect_chain[-1][0]
            == "/accounts/2fa/"
        )

    def test_is_open_with_one(self, client, maintainer):
        TOTP.activate(maintainer, SECRET)
        sign_in(client, maintainer)
        enter(client, current_code())

        assert client.get("/admin/").status_code == 200

    def test_recovery_codes_alone_are_none(self, client, maintainer):
        RecoveryCodes.activate(maintainer)
        client.force_login(maintainer)

        assert client.get("/admin/").status_code == 302

    def test_is_closed_to_everybody_else(self, client, user):
        assert (
            client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
        )
        client.force_login(user)
        assert client.get("/admin/", follow=True).status_code == 403

    def test_can_be_let_go_by_setting(self, client, maintainer, settings):
        settings.REQUIRE_STAFF_MFA = False
        client.force_login(maintainer)

        assert client.get("/admin/").status_code == 200

    def test_takes_no_password_of_its_own(self, client, maintainer):
        form = {"username": "grace", "password": PASSWORD}
        client.post("/admin/login/", form)

        assert not is_signed_in(client)


@pytest.mark.django_db
class TestPrivatePages:
    PAGES = [
        "preferences",
        "tokens",
        "sessions",
        "email",
        "2fa",
        "delete",
        "data",
        "login",
        "signup",
    ]

    @pytest.mark.parametrize("name", PAGES)
    def test_are_kept_by_no_cache(self, trusted, name):
        answer = trusted.get(f"/accounts/{name}/")

        assert "no-store" in answer.headers["Cache-Control"]

    def test_a_page_shown_to_somebody_signed_in_is_theirs_alone(self, client, user):
        assert "private" not in client.get("/theme/").headers.get("Cache-Control", "")
        client.force_login(user)
        answer = client.get("/theme/")

        assert "private" in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]

    def test_confirming_the_password_lasts_a_while_only(self, client, user, time_machine):
        time_machine.move_to("2026-01-01T12:00Z", tick=False)
        sign_in(client, user)
        confirm_password(client)
        assert client.get("/accounts/tokens/").status_code == 200
        time_machine.move_to("2026-01-01T12:06Z", tick=False)

        assert client.get("/accounts/tokens/").status_code == 302
