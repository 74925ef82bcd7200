import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.deletion import delete_account
from accounts.invitations import invite
from accounts.models import ApiToken, User
from accounts.personal_data import collect, personal_data
from imports.models import ImportRun
from papers.models import Paper
from readinglists.models import Item, Note, ReadingList, ReadingState, ShareLink
from tests.accounts.journeys import SECRET, sign_in


@pytest.fixture
def reading_list(user) -> ReadingList:
    made = ReadingList.objects.create(
        title="Robustness",
        slug="robustness",
        owner=user,
        visibility="public",
        updated_at=timezone.now(),
    )
    item = Item.objects.create(
        reading_list=made, url="https://example.org/", title="A page", position=1, added_by=user
    )
    for audience in ("private", "public"):
        Note.objects.create(
            item=item, author=user, audience=audience, markdown=f"a {audience} note"
        )
    ShareLink.objects.create(reading_list=made, name="for Bob", digest="0" * 64, created_by=user)
    paper = Paper.objects.create(
        kind="paper",
        title="Emergence",
        title_source="official",
        citation_key="someone2022emergence",
    )
    ReadingState.objects.create(user=user, paper=paper, state="reading")
    return made


@pytest.mark.django_db
class TestDownload:
    def test_holds_everything_and_no_secret(self, trusted, user, reading_list):
        _, secret = ApiToken.issue(user, "notebook", ["papers:read"])
        TOTP.activate(user, SECRET)
        codes = RecoveryCodes.activate(user).get_unused_codes()
        _, link = invite(user)
        ImportRun.objects.create(kind="newsletter", source="issues.jsonl", started_by=user)
        answer = trusted.get("/accounts/data/")
        data = json.loads(answer.content)

        assert data["account"]["email"] == "ada@example.org"
        assert data["email_addresses"] == [
            {"email": "ada@example.org", "primary": True, "verified": True}
        ]
        assert [token["name"] for token in data["api_tokens"]] == ["notebook"]
        assert len(data["sessions"]) == 1
        assert len(data["second_factors"]) == 2
        assert len(data["invitations"]) == 1
        assert data["imports"][0]["source"] == "issues.jsonl"
        assert data["reading_lists"][0]["title"] == "Robustness"
        assert {note["markdown"] for note in data["notes"]} == {"a private note", "a public note"}
        assert data["reading_states"][0]["paper__title"] == "Emergence"
        token = ApiToken.objects.get()
        hidden = [secret, token.digest, SECRET, *codes, link.split("/")[-2], user.password]
        assert not [each for each in hidden if each in answer.text]
        assert trusted.session.session_key not in answer.text

    def test_is_a_file_that_no_cache_keeps(self, trusted):
        answer = trusted.get("/accounts/data/")

        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_holds_nothing_of_anybody_else(self, trusted, account):
        bob = account("bob")
        ApiToken.issue(bob, "bobs token", ["papers:read"])

        assert "bob" not in trusted.get("/accounts/data/").text

    def test_two_collectors_cannot_take_one_name(self, user):
        with pytest.raises(ValueError, match="account is collected already"):
            personal_data("account")(lambda user: None)
        assert collect(user)["account"]["username"] == "ada"


@pytest.mark.django_db
class TestDeletion:
    def test_leaves_a_nameless_stub_that_nobody_can_use(self, trusted, user, reading_list):
        TOTP.activate(user, SECRET)
        ApiToken.issue(user, "notebook", ["papers:read"])
        answer = trusted.post("/accounts/delete/", {"username": "ada"})
        stub = User.objects.get()

        assert answer.headers["Location"] == "/"
        assert answer.headers["Clear-Site-Data"]
        assert str(stub) == "a former member"
        assert "ada" not in stub.username
        assert (stub.email, stub.first_name, stub.last_name) == ("", "", "")
        assert not stub.is_active
        assert not stub.has_usable_password()
        for model in (ApiToken, Authenticator, EmailAddress, UserSession):
            assert not model.objects.exists()
        assert sign_in(trusted, user).status_code == 200  # the form again

    def test_takes_what_was_theirs_alone_and_leaves_what_others_see(self, user, reading_list):
        delete_account(user)

        assert [note.markdown for note in Note.objects.all()] == ["a public note"]
        assert not ReadingState.objects.exists()
        assert ShareLink.objects.get().revoked_at is not None
        assert ReadingList.objects.get().owner == user

    def test_takes_name_and_address_out_of_what_others_did(self, user, maintainer):
        LogEntry.objects.create(
            user=maintainer,
            content_type=ContentType.objects.get_for_model(User),
            object_id=user.pk,
            object_repr="ada",
            action_flag=CHANGE,
        )
        link, _ = invite(maintainer, user.email)
        delete_account(user)

        assert LogEntry.objects.get().object_repr == "a former member"
        link.refresh_from_db()
        assert link.email == ""

    def test_asks_for_the_name(self, trusted, user):
        answer = trusted.post("/accounts/delete/", {"username": "someone"})

        assert "username" in answer.context["form"].errors
        user.refresh_from_db()
        assert user.is_active

    def test_frees_name_and_address_for_somebody_else(self, user, account):
        delete_account(user)

        assert account("ada").username == "ada"

    def test_two_stubs_stand_side_by_side(self, user, maintainer):
        delete_account(user)
        delete_account(maintainer)

        assert User.objects.filter(deleted_at__isnull=False).count() == 2

    def test_the_database_keeps_a_stub_nameless(self, user):
        delete_account(user)
        for change in ({"email": "ada@example.org"}, {"is_active": True}, {"first_name": "Ada"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                User.objects.filter(pk=user.pk).update(**change)
        assert User.objects.get(pk=user.pk).deleted_at <= timezone.now()

    def test_all_or_nothing(self, user, monkeypatch):
        monkeypatch.setattr("accounts.deletion.make_nameless", fail)
        with pytest.raises(RuntimeError):
            delete_account(user)

        assert EmailAddress.objects.filter(user=user).exists()


def fail(user):
    raise RuntimeError
