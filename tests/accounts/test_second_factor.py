import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from tests.accounts.journeys import PASSWORD, SECRET, current_code, enter, is_signed_in, sign_in


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
