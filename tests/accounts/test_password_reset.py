import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail

from accounts.models import User
from tests.accounts.journeys import NEW_PASSWORD, SECRET, sign_in


def link_in(message) -> str:
    (line,) = [line for line in message.body.splitlines() if "/password/reset/key/" in line]
    return line.removeprefix("http://testserver")


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
