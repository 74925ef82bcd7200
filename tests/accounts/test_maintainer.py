from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command

from accounts.maintainers import make_maintainer_link
from accounts.models import EntryLink, EntryLinkQuerySet, User
from tests.accounts.journeys import confirm_password, sign_in

FORM = {"username": "ada", "email": "Ada@Example.org", "password": "correct horse battery"}


def printed(*options: str) -> str:
    out = StringIO()
    call_command("maintainer_link", *options, stdout=out)
    return out.getvalue().strip()


@pytest.mark.django_db
class TestCommand:
    def test_prints_a_link_of_which_only_the_digest_is_kept(self, settings):
        settings.SITE_URL = "https://library.example"
        url = printed()

        assert url.startswith("https://library.example/accounts/maintainer/")
        secret = url.rstrip("/").rpartition("/")[2]
        assert len(secret) >= 43
        link = EntryLink.objects.get()
        assert secret not in str(vars(link))

    def test_if_none_prints_a_link_only_while_there_is_no_maintainer(self, account):
        account("gone", is_superuser=True, is_active=False)
        account("helper", is_staff=True)
        assert "/accounts/maintainer/" in printed("--if-none")

        account("boss", is_superuser=True)
        assert printed("--if-none") == "There is a maintainer already."
        assert EntryLink.objects.count() == 1

    def test_a_new_link_ends_those_before(self, client):
        first, second = printed(), printed()

        assert client.get(first).status_code == 404
        assert client.get(second).status_code == 200


@pytest.mark.django_db
class TestLink:
    def test_makes_one_maintainer_who_signs_in_with_the_chosen_password(self, client):
        url = make_maintainer_link()
        answer = client.post(url, FORM)

        assert answer.headers["Location"] == "/accounts/login/"
        user = User.objects.get()
        assert (user.is_superuser, user.is_staff, user.email) == (True, True, "ada@example.org")
        assert EmailAddress.objects.get(user=user).verified
        assert sign_in(client, user).headers["Location"] == "/"

    def test_works_once(self, client, other_browser):
        url = make_maintainer_link()
        client.post(url, FORM)
        again = {**FORM, "username": "eve", "email": "eve@example.org"}

        assert other_browser.get(url).status_code == 404
        assert other_browser.post(url, again).status_code == 404
        assert not User.objects.filter(username="eve").exists()

    def test_makes_nobody_when_somebody_was_quicker(self, client, monkeypatch):
        url = make_maintainer_link()
        monkeypatch.setattr(EntryLink, "use", lambda self, user: False)

        assert client.post(url, FORM).status_code == 404
        assert not User.objects.exists()

    def test_only_one_of_two_uses_counts(self, user, maintainer):
        make_maintainer_link()
        link = EntryLink.objects.get()

        assert [link.use(user), link.use(maintainer)] == [True, False]

    def test_ends_after_a_day(self, client, time_machine):
        time_machine.move_to("2026-01-01T12:00Z", tick=False)
        url = make_maintainer_link()
        time_machine.move_to("2026-01-02T11:59:59Z", tick=False)
        assert client.get(url).status_code == 200
        time_machine.move_to("2026-01-02T12:00Z", tick=False)
        assert client.get(url).status_code == 404
        assert client.post(url, FORM).status_code == 404

    def test_without_its_check_an_old_link_would_work(self, client, time_machine, monkeypatch):
        time_machine.move_to("2026-01-01T12:00Z", tick=False)
        url = make_maintainer_link()
        time_machine.move_to("2026-02-01T12:00Z", tick=False)
        assert client.get(url).status_code == 404

        monkeypatch.setattr(
            EntryLinkQuerySet, "usable", lambda self, at=None: self.filter(used_at=None)
        )
        assert client.get(url).status_code == 200

    def test_wrong_used_expired_and_other_links_get_one_answer(self, client, maintainer):
        used, expired = make_maintainer_link(), make_maintainer_link()
        EntryLink.objects.update(used_at=None)
        _, secret = EntryLink.issue("invitation", timedelta(days=1))
        make_maintainer_link()
        wrong = "/accounts/maintainer/nonsense/"
        paths = [wrong, used, expired, f"/accounts/maintainer/{secret}/"]
        answers = [client.get(path) for path in paths]

        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1

    @pytest.mark.parametrize("place", ["maintainer", "invitation"])
    def test_who_goes_on_guessing_is_stopped(self, client, other_browser, place):
        guess = f"/accounts/{place}/nonsense/"
        answers = [client.get(guess).status_code for _ in range(31)]

        assert answers == [404] * 30 + [429]
        assert other_browser.get(guess, REMOTE_ADDR="192.0.2.1").status_code == 404

    def test_tells_its_address_to_nobody(self, client):
        answer = client.get(make_maintainer_link())

        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"password": "password"}, "password"),
            ({"password": "ada@example.org"}, "password"),
            ({"username": "someone@example.org"}, "username"),
            ({"email": ""}, "email"),
            ({"email": "nobody"}, "email"),
        ],
    )
    def test_a_mistake_in_the_form_uses_nothing_up(self, client, wrong, field):
        url = make_maintainer_link()
        answer = client.post(url, {**FORM, **wrong})

        assert field in answer.context["form"].errors
        assert client.get(url).status_code == 200

    def test_takes_no_name_or_address_that_is_taken(self, client, user):
        answer = client.post(make_maintainer_link(), {**FORM, "username": "ADA"})

        assert {"username", "email"} & set(answer.context["form"].errors) or (
            answer.context["form"].non_field_errors()
        )
        assert User.objects.count() == 1

    def test_promotes_the_account_that_is_signed_in_once_it_is_sure_who_that_is(self, client, user):
        url = make_maintainer_link()
        sign_in(client, user)
        assert "Make ada a maintainer" in client.get(url).text
        assert client.post(url).headers["Location"].startswith("/accounts/reauthenticate/")
        confirm_password(client)
        client.post(url)

        user.refresh_from_db()
        assert (user.is_superuser, user.is_staff) == (True, True)
        assert client.get(url).status_code == 404
