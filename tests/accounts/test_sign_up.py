import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.adapter import AccountAdapter
from accounts.invitations import invite
from accounts.models import EntryLink, User

FORM = {"username": "ada", "email": "ada@example.org", "password1": "correct horse battery"}


def links_in(message) -> list[str]:
    return re.findall(r"https?://\S+", message.body)


@pytest.mark.django_db
class TestOpenSignUp:
    def test_leads_through_the_mailed_link_to_an_account_one_can_use(self, client):
        answer = client.post("/accounts/signup/", FORM)

        assert answer.headers["Location"] == "/accounts/confirm-email/"
        (link,) = [each for each in links_in(mail.outbox[0]) if "confirm-email" in each]
        client.post(link.removeprefix("http://testserver"))
        assert EmailAddress.objects.get(email="ada@example.org").verified
        answer = client.post(
            "/accounts/login/", {"login": "ada", "password": FORM["password1"]}, follow=False
        )
        assert answer.headers["Location"] == "/"

    def test_does_not_say_whether_an_address_has_an_account(self, client, user):
        known = client.post("/accounts/signup/", {**FORM, "username": "someone"})
        unknown = client.post(
            "/accounts/signup/", {**FORM, "email": "new@example.org", "username": "b"}
        )

        assert known.status_code == unknown.status_code == 302
        assert known.headers["Location"] == unknown.headers["Location"]
        assert User.objects.filter(email=user.email).count() == 1
        assert [message.to for message in mail.outbox] == [[user.email], ["new@example.org"]]

    def test_takes_no_address_as_a_name(self, client):
        answer = client.post("/accounts/signup/", {**FORM, "username": "grace@example.org"})

        assert "username" in answer.context["form"].errors
        assert not User.objects.exists()

    def test_takes_no_name_that_differs_in_case_or_width_only(self, client, user):
        for name in ("ADA", "ａｄａ"):
            answer = client.post(
                "/accounts/signup/", {**FORM, "username": name, "email": "new@example.org"}
            )
            assert "username" in answer.context["form"].errors

    @pytest.mark.parametrize("password", ["short", "password12", "adaadaada1", "1234567890"])
    def test_refuses_passwords_that_are_guessed_first(self, client, password):
        form = {**FORM, "username": "adaadaada", "password1": password}

        assert "password1" in client.post("/accounts/signup/", form).context["form"].errors

    def test_gives_nobody_rights_they_ask_for(self, client):
        client.post("/accounts/signup/", {**FORM, "is_staff": "on", "is_superuser": "on"})

        user = User.objects.get()
        assert (user.is_staff, user.is_superuser) == (False, False)

    def test_mails_links_to_the_site_whatever_the_host_header_says(self, client, settings):
        settings.SITE_URL = "https://library.example"
        client.post("/accounts/signup/", FORM, HTTP_HOST="localhost")

        assert all(link.startswith("https://library.example/") for link in links_in(mail.outbox[0]))
        assert "localhost" not in mail.outbox[0].body


@pytest.mark.django_db
class TestClosedSignUp:
    def test_shows_no_form_and_makes_no_account(self, client, settings):
        settings.SIGN_UP = "closed"

        assert "Sign-up is closed" in client.get("/accounts/signup/").text
        assert "Sign-up is closed" in client.post("/accounts/signup/", FORM).text
        assert not User.objects.exists()

    def test_honours_no_invitation(self, client, settings, maintainer):
        settings.SIGN_UP = "closed"
        _, url = invite(maintainer)

        assert client.get(url).status_code == 404


@pytest.mark.django_db
class TestSignUpByInvitation:
    @pytest.fixture(autouse=True)
    def _by_invitation(self, settings):
        settings.SIGN_UP = "invitation"

    def test_is_closed_without_one(self, client):
        client.post("/accounts/signup/", FORM)

        assert not User.objects.exists()

    def test_lets_in_one_person_by_one_link(self, client, maintainer):
        link, url = invite(maintainer)
        client.post(url)
        client.post("/accounts/signup/", FORM)
        client.logout()
        client.post("/accounts/signup/", {**FORM, "username": "eve", "email": "eve@example.org"})

        link.refresh_from_db()
        assert link.used_by == User.objects.get(username="ada")
        assert not User.objects.filter(username="eve").exists()
        assert client.get(url).status_code == 404

    def test_the_second_of_two_who_accepted_the_same_link_stays_out(self, client, maintainer):
        link, url = invite(maintainer)
        client.post(url)
        link.use(maintainer)  # somebody else was quicker
        client.post("/accounts/signup/", FORM)

        assert not User.objects.filter(username="ada").exists()

    def test_one_that_came_by_mail_confirms_the_address(self, client, maintainer):
        invite(maintainer, "ada@example.org")
        (url,) = [each for each in links_in(mail.outbox[0]) if "invitation" in each]
        client.post(url)
        answer = client.post("/accounts/signup/", FORM)

        assert answer.headers["Location"] == "/"
        assert EmailAddress.objects.get(email="ada@example.org").verified

    def test_looking_at_one_uses_nothing_up(self, client, maintainer):
        link, url = invite(maintainer)
        assert "You are invited" in client.get(url).text
        client.get(url)

        link.refresh_from_db()
        assert link.used_at is None

    def test_expires(self, client, maintainer, time_machine):
        time_machine.move_to("2026-01-01T12:00Z", tick=False)
        _, url = invite(maintainer)
        time_machine.move_to("2026-01-08T11:59Z", tick=False)
        assert client.get(url).status_code == 200
        time_machine.move_to("2026-01-08T12:00Z", tick=False)
        assert client.get(url).status_code == 404


@pytest.mark.django_db
class TestInvitationsPage:
    def test_is_for_maintainers(self, client, user):
        client.force_login(user)
        link, _ = EntryLink.issue("invitation", timedelta(days=1))

        assert client.get("/accounts/invitations/").status_code == 403
        assert client.post("/accounts/invitations/", {"email": ""}).status_code == 403
        assert client.post(f"/accounts/invitations/{link.pk}/withdraw/").status_code == 403

    def test_shows_a_link_once_and_withdraws_it(self, client, maintainer):
        client.force_login(maintainer)
        url = client.post("/accounts/invitations/", {"email": ""}).context["url"]
        assert url not in client.get("/accounts/invitations/").text

        link = EntryLink.objects.get()
        client.post(f"/accounts/invitations/{link.pk}/withdraw/")
        assert client.get(url).status_code == 404

    def test_does_not_show_a_link_that_goes_by_mail(self, client, maintainer):
        client.force_login(maintainer)
        client.post("/accounts/invitations/", {"email": "ada@example.org"})

        assert mail.outbox[0].to == ["ada@example.org"]
        assert "/accounts/invitation/" not in client.get("/accounts/invitations/").text

    def test_asks_no_query_more_for_more_invitations(
        self, client, maintainer, account, django_assert_num_queries
    ):
        client.force_login(maintainer)
        invite(maintainer)
        with CaptureQueriesContext(connection) as for_one:
            client.get("/accounts/invitations/")
        for number in range(50):
            link, _ = invite(maintainer)
            link.use(account(f"guest{number}"))
        with django_assert_num_queries(len(for_one)):
            client.get("/accounts/invitations/")


@pytest.mark.django_db
class TestWhatGoesWrong:
    def test_two_who_choose_one_name_at_once_get_one_account(self, client, user, monkeypatch):
        # The form finds the name free, the database does not.
        monkeypatch.setattr(
            AccountAdapter, "clean_username", lambda self, name, shallow=False: name
        )
        answer = client.post("/accounts/signup/", {**FORM, "email": "new@example.org"})

        assert answer.headers["Location"] == "/accounts/signup/"
        assert User.objects.count() == 1
        assert "Somebody took that name" in client.get("/accounts/signup/").text

    def test_a_mail_server_that_is_down_breaks_no_page_and_tells_nothing(
        self, client, user, monkeypatch, caplog
    ):
        def refuse(message):
            raise ConnectionRefusedError

        monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
        known = client.post("/accounts/password/reset/", {"email": user.email})
        unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

        assert known.status_code == unknown.status_code == 302
        assert "could not be sent" in caplog.text
        assert user.email not in caplog.text

    def test_adding_somebody_elses_address_looks_like_adding_any(self, trusted, account):
        bob = account("bob")
        answers = [
            trusted.post("/accounts/email/", {"action_add": "", "email": email}, follow=True)
            for email in (bob.email, "free@example.org")
        ]

        shown = [[str(message) for message in answer.context["messages"]] for answer in answers]
        assert shown[0][-1] == "Confirmation email sent to bob@example.org."
        assert shown[1][-1] == "Confirmation email sent to free@example.org."
        for message in mail.outbox:
            for link in links_in(message):
                trusted.post(link.removeprefix("http://testserver"))
        assert EmailAddress.objects.get(email=bob.email, verified=True).user == bob
