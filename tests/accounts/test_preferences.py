from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from accounts.forms import PreferencesForm
from accounts.middleware import own_time_zone
from accounts.models import ApiToken, User


@pytest.mark.django_db
class TestPreferences:
    def test_are_kept(self, client, user):
        client.force_login(user)
        client.post("/accounts/preferences/", {"time_zone": "Asia/Kolkata", "theme": "dark"})

        user.refresh_from_db()
        assert (user.time_zone, user.theme) == ("Asia/Kolkata", "dark")
        assert 'data-theme="dark"' in client.get("/accounts/preferences/").text

    def test_no_zone_is_null(self, client, user):
        client.force_login(user)
        client.post("/accounts/preferences/", {"time_zone": "", "theme": "system"})

        user.refresh_from_db()
        assert user.time_zone is None

    @pytest.mark.parametrize("zone", ["Nowhere/Atlantis", "../../etc/passwd", "Europe", "\x00"])
    def test_an_unknown_zone_is_refused(self, user, zone):
        form = PreferencesForm({"time_zone": zone, "theme": "system"}, instance=user)

        assert "time_zone" in form.errors

    def test_change_nothing_but_themselves(self, client, user):
        client.force_login(user)
        form = {"time_zone": "UTC", "theme": "dark", "is_staff": "on", "username": "root"}
        client.post("/accounts/preferences/", form)

        user.refresh_from_db()
        assert (user.is_staff, user.username) == (False, "ada")

    def test_times_are_shown_in_the_chosen_zone(self, trusted, user):
        ApiToken.issue(user, "notebook", ["papers:read"])
        used = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)
        ApiToken.objects.update(last_used_at=used)
        assert "1 Jan 2026, 20:00" in trusted.get("/accounts/tokens/").text
        User.objects.update(time_zone="Asia/Kolkata")

        assert "2 Jan 2026, 01:30" in trusted.get("/accounts/tokens/").text

    @pytest.mark.parametrize("zone", ["Gone/Away", "/etc/passwd", "../UTC", ""])
    def test_a_zone_that_no_longer_exists_breaks_no_page(self, client, user, zone):
        User.objects.update(time_zone=zone)
        client.force_login(user)

        assert client.get("/accounts/preferences/").status_code == 200

    def test_the_zone_ends_with_the_answer(self, user, settings):
        user.time_zone = "Asia/Kolkata"
        request = RequestFactory().get("/")
        request.user = user
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
        moment = Context({"at": datetime(2026, 1, 1, 20, 0, tzinfo=UTC)})
        own_time_zone(lambda request: Template("{{ at }}").render(moment))(request)

        assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.django_db
class TestAppearance:
    def test_is_kept_in_a_cookie_for_who_has_no_account(self, client):
        answer = client.post("/theme/", {"theme": "dark", "next": "/theme/?next=/"})

        assert answer.headers["Location"] == "/theme/?next=/"
        cookie = answer.cookies["theme"]
        assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("dark", True, "Lax")
        assert 'data-theme="dark"' in client.get("/theme/").text

    def test_is_kept_on_the_account_of_who_is_signed_in(self, client, user):
        client.force_login(user)
        client.post("/theme/", {"theme": "contrast"})

        user.refresh_from_db()
        assert user.theme == "contrast"

    @pytest.mark.parametrize("theme", ["", "pink", '"><script>', "dark\r\nSet-Cookie: a=b"])
    def test_takes_no_other_theme(self, client, theme):
        answer = client.post("/theme/", {"theme": theme})

        assert answer.status_code == 200
        assert "theme" not in answer.cookies

    def test_does_not_believe_the_cookie(self, client):
        client.cookies["theme"] = '"><script>alert(1)</script>'

        assert "<script>alert" not in client.get("/theme/").text

    def test_changes_nothing_when_it_is_only_looked_at(self, client):
        assert "theme" not in client.get("/theme/?theme=dark").cookies
