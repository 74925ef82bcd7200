import pytest

from tests.accounts.journeys import confirm_password, sign_in


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
