import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as site
from django.core.cache import cache

from accounts.models import ApiToken, User
from tests.accounts.journeys import (
    PASSWORD,
    SECRET,
    current_code,
    enter,
    is_signed_in,
    sign_in,
)


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
