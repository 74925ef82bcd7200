"""Members, invitations and ownership: who gets in, by what, and what stays when they go."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.deletion import delete_account
from accounts.personal_data import collect
from readinglists.editing import undoing
from readinglists.editing.writing import Refused
from readinglists.models import (
    Invitation,
    ListEvent,
    Membership,
    Note,
    OwnershipOffer,
    ReadingList,
    ShareLink,
)
from readinglists.rights import role_of
from readinglists.sharing import invitations, members, ownership
from readinglists.sharing.links import link_of
from tests.factories import UserFactory
from tests.readinglists.making import join, make_link, make_list, put_on, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading_list() -> ReadingList:
    return make_list(visibility="members")


def verbs(reading_list: ReadingList) -> list[str]:
    told = ListEvent.objects.filter(reading_list=reading_list).order_by("version")
    return list(told.values_list("verb", flat=True))


def confirmed(user, address: str | None = None):
    EmailAddress.objects.create(
        user=user, email=address or user.email, verified=True, primary=not address
    )
    return user


class TestInvitations:
    def test_a_link_lets_one_person_in_once_and_only_its_hash_is_kept(self, reading_list):
        owner, guest, late = reading_list.owner, UserFactory(), UserFactory()
        made, secret = invitations.invite(reading_list.pk, owner, "contributor")

        assert secret not in str(Invitation.objects.values_list())
        found = invitations.behind(secret, guest)
        assert invitations.accept(found, guest).role == "contributor"
        assert role_of(reading_list, guest) == "contributor"
        assert invitations.behind(secret, late) is None
        with pytest.raises(Refused, match="no longer open"):
            invitations.accept(found, late)
        assert verbs(reading_list) == ["made", "invited", "joined"]
        assert made.pk == found.pk

    def test_sent_twice_it_is_one_invitation_whose_secret_is_not_shown_again(self, reading_list):
        owner, pk = reading_list.owner, reading_list.pk
        first, secret = invitations.invite(pk, owner, "viewer")
        again = invitations.invite(pk, owner, "viewer", request_id=first.pk)
        assert (again[0].pk, again[1], bool(secret)) == (first.pk, "", True)
        assert Invitation.objects.count() == 1

    @pytest.mark.parametrize(
        "ended",
        [
            lambda made: invitations.withdraw(made.reading_list_id, made.invited_by, made.pk),
            lambda made: _set(made, expires_at=timezone.now()),
            lambda made: _set(made.invited_by, is_active=False),
            lambda made: _set(made.reading_list, owner=UserFactory()),
            lambda made: _set(made.reading_list, deleted_at=timezone.now()),
        ],
        ids=["withdrawn", "expired", "maker disabled", "handed over", "list in the trash"],
    )
    def test_what_has_ended_looks_as_if_it_never_was(self, reading_list, client, ended):
        made, secret = invitations.invite(reading_list.pk, reading_list.owner, "viewer")
        address = f"/lists/invitation/{secret}/"
        assert reading_list.title in client.get(address).text
        ended(made)
        gone = client.get(address)
        assert gone.status_code == 404
        assert gone.text == client.get("/lists/invitation/nobody-made-this-one/").text.replace(
            "nobody-made-this-one", secret
        )
        with pytest.raises(Refused):
            invitations.accept(made, UserFactory())

    def test_nothing_tells_whether_an_account_answers_to_what_was_typed(
        self, reading_list, client, django_capture_on_commit_callbacks
    ):
        owner = reading_list.owner
        UserFactory(username="known", email="known@example.org")
        unconfirmed = UserFactory(email="squatter@example.org")
        confirmed(UserFactory(email="there@example.org"))
        client.force_login(owner)
        pages = {}
        for typed in ("known", "unknown", "there@example.org", "absent@example.org"):
            with django_capture_on_commit_callbacks(execute=True):
                client.post(
                    f"/lists/{reading_list.pk}/invitations/", {"addressee": typed, "role": "viewer"}
                )
            page = client.get(f"/lists/{reading_list.pk}/members/").text
            made = Invitation.objects.get(addressee=typed)
            for word in (typed, str(made.pk)):
                page = page.replace(word, "…")
            pages[typed] = len(page)
            invitations.withdraw(reading_list.pk, owner, made.pk)
        # But for the secrets of the form each of them is the same page.
        assert len(set(pages.values())) == 1
        assert invitations.offered_to(unconfirmed).count() == 0

    def test_bad_88_mail_goes_where_the_account_confirmed_it_and_to_no_look_alike(
        self, reading_list, django_capture_on_commit_callbacks
    ):
        ada = confirmed(UserFactory(username="ada", email="mike@example.org"))
        for typed in ("ada", "MIKE@example.org", "mıke@example.org", "no address"):
            with django_capture_on_commit_callbacks(execute=True):
                invitations.invite(reading_list.pk, reading_list.owner, "viewer", typed)
        assert [message.to for message in mail.outbox] == [
            ["mike@example.org"],
            ["mike@example.org"],
            ["mıke@example.org"],
        ]
        named = Invitation.objects.filter(user=ada).values_list("addressee", flat=True)
        assert set(named) == {"ada", "MIKE@example.org"}

    def test_a_mailed_link_opens_for_the_account_it_names_alone(
        self, reading_list, client, django_capture_on_commit_callbacks
    ):
        ada, other = confirmed(UserFactory(username="ada")), UserFactory()
        with django_capture_on_commit_callbacks(execute=True):
            invitations.invite(reading_list.pk, reading_list.owner, "editor", "ada")
        (message,) = mail.outbox
        address = next(word for word in message.body.split() if "/lists/invitation/" in word)
        path = "/" + address.split("/", 3)[3]

        assert client.get(path).status_code == 200
        client.force_login(other)
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
        client.force_login(ada)
        assert client.post(path).headers["Location"] == reading_list.get_absolute_url()
        assert role_of(reading_list, ada) == "editor"

    def test_what_was_withdrawn_before_the_mail_went_out_is_not_sent(self, reading_list):
        """Flarum mailed what its reader might no longer see (CVE-2023-22488)."""
        from readinglists.sharing.mail import send

        confirmed(UserFactory(username="ada"))
        made, _ = invitations.invite(reading_list.pk, reading_list.owner, "viewer", "ada")
        invitations.withdraw(reading_list.pk, reading_list.owner, made.pk)
        mail.outbox.clear()
        assert send(made.pk) is False
        assert mail.outbox == []

    def test_a_mail_that_could_not_be_sent_is_a_task_to_try_again(self, reading_list, monkeypatch):
        from readinglists.sharing.mail import send

        confirmed(UserFactory(username="ada"))
        made, _ = invitations.invite(reading_list.pk, reading_list.owner, "viewer", "ada")

        def refuse(*args, **kwargs):
            raise ConnectionRefusedError

        monkeypatch.setattr(mail.EmailMessage, "send", refuse)
        with pytest.raises(ConnectionRefusedError):
            send(made.pk)

    def test_one_answers_at_the_list_of_invitations_too_and_to_ones_own_only(
        self, reading_list, client
    ):
        ada, other = UserFactory(username="ada"), UserFactory()
        made, _ = invitations.invite(reading_list.pk, reading_list.owner, "viewer", "ada")
        client.force_login(other)
        assert reading_list.title not in client.get("/lists/invitations/").text
        assert client.post(f"/lists/invitations/{made.pk}/accept/").status_code == 404
        client.force_login(ada)
        assert "invites you as viewer" in client.get("/lists/invitations/").text
        client.post(f"/lists/invitations/{made.pk}/decline/")
        assert "No invitation waits" in client.get("/lists/invitations/").text
        assert role_of(reading_list, ada) is None

    def test_they_are_forgotten_a_month_after_they_are_over(self, reading_list):
        for addressee, days in (("long over", 60), ("lately", 20), ("open", 0)):
            made, _ = invitations.invite(reading_list.pk, reading_list.owner, "viewer", addressee)
            _set(made, expires_at=timezone.now() + timedelta(days=1 - days))
        invitations.forget_over()
        assert set(Invitation.objects.values_list("addressee", flat=True)) == {"lately", "open"}


class TestMembers:
    def test_roles_change_and_end_and_what_was_written_stays(self, reading_list):
        owner, pk = reading_list.owner, reading_list.pk
        ada, bob = join(reading_list, "viewer"), join(reading_list, "editor")
        (item,) = put_on(reading_list, "https://example.org/")
        say(item, ada, "Ada's words", "members")
        one, two = (Membership.objects.get(user=user) for user in (ada, bob))
        members.change_role(pk, owner, one.pk, "editor")
        assert role_of(reading_list, ada) == "editor"
        members.remove_member(pk, owner, one.pk)
        members.leave(pk, bob)
        assert (role_of(reading_list, ada), role_of(reading_list, bob)) == (None, None)
        assert Note.objects.get().author == ada
        assert verbs(reading_list)[-3:] == ["role changed", "member removed", "left"]
        last = ListEvent.objects.filter(reading_list=reading_list).order_by("version").last()
        assert last.before == {"member": {str(two.pk): {"user_id": bob.pk, "role": "editor"}}}
        with pytest.raises(Refused, match="cannot be undone"):
            undoing.undo(last, owner)

    @pytest.mark.parametrize("role", ["editor", "contributor", "viewer", None])
    def test_only_the_owner_shares(self, reading_list, role):
        actor = join(reading_list, role) if role else UserFactory()
        other = join(reading_list, "viewer")
        member = Membership.objects.get(user=other).pk
        pk = reading_list.pk
        for forbidden in (
            lambda: invitations.invite(pk, actor, "viewer"),
            lambda: members.change_role(pk, actor, member, "editor"),
            lambda: members.remove_member(pk, actor, member),
            lambda: ownership.offer(pk, actor, member),
            lambda: ownership.accept(pk, actor),
        ):
            with pytest.raises(PermissionDenied):
                forbidden()

    def test_the_owner_cannot_leave_nor_give_ownership_as_a_role(self, reading_list):
        join(reading_list, "viewer")
        with pytest.raises(Refused, match="Hand the list over"):
            members.leave(reading_list.pk, reading_list.owner)
        with pytest.raises(Refused):
            members.change_role(
                reading_list.pk, reading_list.owner, Membership.objects.get().pk, "owner"
            )

    def test_the_restored_list_keeps_its_members_and_links(self, reading_list):
        owner, pk = reading_list.owner, reading_list.pk
        made, _ = invitations.invite(pk, owner, "viewer")
        ada = UserFactory()
        invitations.accept(made, ada)
        link = make_link(reading_list)
        put_on(reading_list, "https://example.org/")
        reading_list.refresh_from_db()
        undoing.restore(reading_list, owner, 1)
        assert role_of(reading_list, ada) == "viewer"
        assert link_of(link) is not None

    def test_leaving_a_list_that_is_private_does_not_tell_its_name(self, client):
        reading_list = make_list(title="Unannounced", visibility="private")
        ada = join(reading_list, "viewer")
        client.force_login(ada)
        assert "Unannounced" not in client.get("/lists/invitations/").text
        assert "Unannounced" not in client.get(f"/lists/{reading_list.pk}/leave/").text
        assert "Unannounced" not in str(collect(ada))
        assert client.post(f"/lists/{reading_list.pk}/leave/").status_code == 302
        assert not Membership.objects.exists()


class TestOwnership:
    def test_accepted_it_is_handed_over_and_what_was_handed_out_ends(self, reading_list):
        former, pk = reading_list.owner, reading_list.pk
        heir = join(reading_list, "viewer")
        secret, (_, invited) = make_link(reading_list), invitations.invite(pk, former, "viewer")
        ownership.offer(pk, former, Membership.objects.get(user=heir).pk)
        assert role_of(reading_list, heir) == "viewer"
        ownership.accept(pk, heir)
        reading_list.refresh_from_db()
        roles = [role_of(reading_list, user) for user in (former, heir)]
        assert roles == ["editor", "owner"]
        assert link_of(secret) is None
        assert ShareLink.objects.get().revoked_at
        assert invitations.behind(invited, UserFactory()) is None
        assert not OwnershipOffer.objects.exists()
        event = ListEvent.objects.get(reading_list=reading_list, verb="transferred")
        with pytest.raises(Refused):
            undoing.undo(event, heir)

    @pytest.mark.parametrize(
        "ended",
        [
            lambda rows, heir: ownership.take_back(rows.pk, rows.owner),
            lambda rows, heir: ownership.decline(rows.pk, heir),
            lambda rows, heir: members.remove_member(
                rows.pk, rows.owner, Membership.objects.get(user=heir).pk
            ),
            lambda rows, heir: _set(rows, visibility="private"),
            lambda rows, heir: _set(rows, deleted_at=timezone.now()),
            lambda rows, heir: _set(rows.owner, is_active=False),
            lambda rows, heir: _set(rows, owner=UserFactory()),
        ],
        ids=["taken back", "declined", "removed", "private", "trashed", "disabled", "handed over"],
    )
    def test_an_offer_that_ended_hands_nothing_over(self, reading_list, ended):
        heir = join(reading_list, "editor")
        ownership.offer(reading_list.pk, reading_list.owner, Membership.objects.get(user=heir).pk)
        ended(reading_list, heir)
        with pytest.raises(PermissionDenied):
            ownership.accept(reading_list.pk, heir)


def test_a_deleted_account_leaves_its_lists_with_its_parts_in_them_told_namelessly(reading_list):
    ada = join(reading_list, "editor")
    owner = reading_list.owner
    name = ada.username
    ownership.offer(reading_list.pk, owner, Membership.objects.get(user=ada).pk)
    invitations.invite(make_list(visibility="members").pk, _owner_of_last(), "viewer", name)
    delete_account(ada)
    assert not OwnershipOffer.objects.exists()
    assert not Invitation.objects.exists()
    told = ListEvent.objects.filter(reading_list=reading_list).order_by("version").last()
    assert (told.verb, str(told.actor)) == ("left", "a former member")
    assert name not in str(ListEvent.objects.values_list("before", "after"))


def _owner_of_last():
    return ReadingList.objects.latest("created_at").owner


def _set(row, **values) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**values)
