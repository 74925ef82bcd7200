"""Each guard taken out in turn: what it keeps from happening must then happen.

A guard that could vanish unnoticed would not be tested at all.
"""

import pytest

from accounts.authentication import HasScope
from accounts.models import ApiToken
from tests.accounts.journeys import PASSWORD

ELSEWHERE = "https://evil.example/"


@pytest.mark.django_db
class TestWithoutIt:
    def test_a_token_would_read_beyond_its_scope(self, client, user, monkeypatch):
        _, secret = ApiToken.issue(user, "notebook", ["papers:read"])
        headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        assert client.get("/api/v1/issues/", **headers).status_code == 403

        monkeypatch.setattr(HasScope, "has_permission", lambda self, request, view: True)
        assert client.get("/api/v1/issues/", **headers).status_code == 200

    def test_sign_in_would_lead_to_another_site(self, client, user, monkeypatch):
        form = {"login": "ada", "password": PASSWORD, "next": ELSEWHERE}
        assert client.post("/accounts/login/", form).headers["Location"] == "/"
        client.logout()

        monkeypatch.setattr("accounts.adapter.is_local_path", lambda url: True)
        assert client.post("/accounts/login/", form).headers["Location"] == ELSEWHERE

    def test_the_admin_would_open_without_a_second_factor(
        self, client, maintainer, settings, monkeypatch
    ):
        settings.REQUIRE_STAFF_MFA = True
        client.force_login(maintainer)
        assert client.get("/admin/").status_code == 302

        monkeypatch.setattr("config.admin.lacks_second_factor", lambda request: False)
        assert client.get("/admin/").status_code == 200

    def test_anybody_could_invite(self, client, user, monkeypatch):
        client.force_login(user)
        assert client.get("/accounts/invitations/").status_code == 403

        monkeypatch.setattr("accounts.views.invitations.require_maintainer", lambda request: None)
        assert client.get("/accounts/invitations/").status_code == 200

    def test_a_disabled_account_would_keep_its_tokens(self, user, monkeypatch):
        kept, _ = ApiToken.issue(user, "notebook", [])
        monkeypatch.setattr("accounts.signals.withdraw_access", lambda user: None)
        user.is_active = False
        user.save()
        kept.refresh_from_db()
        assert kept.revoked_at is None

        monkeypatch.undo()
        user.save()
        kept.refresh_from_db()
        assert kept.revoked_at is not None
