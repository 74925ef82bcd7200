"""Lists in the admin: what maintainers read of them, and what they may do."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from readinglists.editing.lists import change_list
from readinglists.editing.undoing import undo
from readinglists.editing.writing import Refused
from readinglists.models import ListEvent, ReadingList, ShareLink
from readinglists.sharing.links import link_of
from tests.admin_pages import act, address
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.making import join, make_link, make_list, put_on, say

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def made() -> ReadingList:
    reading_list = make_list(UserFactory(username="owner"), "Robustness", visibility="public")
    (item,) = put_on(reading_list, PaperFactory(title="A paper on it"))
    for audience in ("private", "members", "public"):
        say(item, None, f"Words for {audience}", audience)
    return reading_list


def step_in(desk: Client, action: str, *lists: ReadingList, **said: str):
    """As the action asks for its reason, and then gets it."""
    chosen = {"action": action, "_selected_action": [str(each.pk) for each in lists]}
    where = address(ReadingList, "changelist")
    page = desk.post(where, chosen)
    assert page.status_code == 200
    assert all(str(each) in page.text for each in lists)
    return desk.post(where, {**chosen, "apply": "yes", **said}, follow=True)


def last_event(reading_list: ReadingList) -> ListEvent:
    return ListEvent.objects.filter(reading_list=reading_list).latest("version")


class TestReading:
    def test_only_what_is_for_everybody_is_read_of_notes(self, admin_desk, made):
        page = admin_desk.get(address(ReadingList, "change", made.pk)).text
        assert "A paper on it" in page
        assert "Words for public" in page
        assert "Words for members" not in page
        assert "Words for private" not in page

    def test_what_is_its_owners_alone_is_not_there(self, admin_desk):
        hidden = make_list(title="My own affairs")
        make_link(hidden)
        assert "My own affairs" not in admin_desk.get(address(ReadingList, "changelist")).text
        assert "My own affairs" not in admin_desk.get(address(ShareLink, "changelist")).text
        assert admin_desk.get(address(ReadingList, "change", hidden.pk)).status_code == 302
        found = admin_desk.get(address(ReadingList, "changelist"), {"q": "affairs"})
        assert found.context["cl"].result_count == 0

    def test_of_links_neither_address_nor_digest_is_shown(self, admin_desk, made):
        secret = make_link(made)
        link = ShareLink.objects.get()
        pages = [
            address(ShareLink, "changelist"),
            address(ShareLink, "change", link.pk),
            address(ReadingList, "change", made.pk),
        ]
        for page in pages:
            text = admin_desk.get(page).text
            assert secret not in text
            assert link.digest not in text

    def test_a_long_list_shows_its_beginning(self, admin_desk, made, monkeypatch):
        monkeypatch.setattr("readinglists.admin.inlines.MOST_SHOWN", 2)
        put_on(made, *(PaperFactory(title=f"Paper {n}") for n in "abc"))
        page = admin_desk.get(address(ReadingList, "change", made.pk)).text
        assert "Paper a" in page
        assert "Paper b" not in page


class TestSteppingIn:
    def test_a_list_is_closed_with_a_reason_its_members_read(self, admin_desk, made):
        secret, member = make_link(made), join(made, "viewer")
        step_in(admin_desk, "hide_lists", made, reason="It names a private person.")
        made.refresh_from_db()
        event = last_event(made)
        assert (made.visibility, event.verb) == ("private", "hidden")
        assert event.actor.is_staff
        assert event.reason == "It names a private person."
        assert Client().get(made.get_absolute_url()).status_code == 404
        assert link_of(secret) is None
        with pytest.raises(Refused):
            undo(event, made.owner)
        client = Client()
        client.force_login(made.owner)
        history = client.get(f"/lists/{made.pk}/history/").text
        assert "It names a private person." in history
        client.force_login(member)
        assert client.get(made.get_absolute_url()).status_code == 404
        # Its maintainers find it still.
        assert admin_desk.get(address(ReadingList, "change", made.pk)).status_code == 200
        assert LogEntry.objects.filter(object_id=str(made.pk)).exists()

    def test_without_a_reason_nothing_happens(self, admin_desk, made):
        page = step_in(admin_desk, "trash_lists", made, reason=" ")
        assert page.context["form"].errors
        assert ReadingList.objects.get(pk=made.pk).deleted_at is None

    def test_into_the_trash_and_back(self, admin_desk, made):
        step_in(admin_desk, "trash_lists", made, reason="Spam.")
        assert Client().get(made.get_absolute_url()).status_code == 404
        step_in(admin_desk, "restore_lists", made, reason="It was none.")
        assert Client().get(made.get_absolute_url()).status_code == 200
        reasons = ListEvent.objects.filter(reading_list=made).values_list("reason", flat=True)
        assert [each for each in reasons.order_by("version") if each] == ["Spam.", "It was none."]

    def test_a_list_is_given_to_somebody_else(self, admin_desk, made):
        heir, former, secret = UserFactory(), made.owner, make_link(made)
        step_in(admin_desk, "hand_over_lists", made, reason="They left.", to=str(heir.pk))
        made.refresh_from_db()
        assert made.owner == heir
        assert made.memberships.get().user == former
        assert last_event(made).verb == "transferred"
        assert link_of(secret) is None
        User.objects.filter(pk=former.pk).update(is_active=False)
        again = step_in(admin_desk, "hand_over_lists", made, reason="No.", to=str(former.pk))
        assert again.context["form"].errors

    def test_a_link_is_revoked(self, admin_desk, made):
        secret = make_link(made)
        assert link_of(secret) is not None
        act(admin_desk, ShareLink, "revoke_links", ShareLink.objects.get())
        assert link_of(secret) is None
        assert last_event(made).verb == "revoked"

    def test_whoever_may_only_look_does_nothing(self, made):
        looker = UserFactory(is_staff=True)
        looker.user_permissions.add(*_permissions("view_readinglist"))
        client = Client()
        client.force_login(looker)
        change_list(made.pk, made.owner, None, title="Renamed")
        page = client.get(address(ReadingList, "changelist"))
        assert page.status_code in (200, 302)
        act(client, ReadingList, "hide_lists", made)
        assert ReadingList.objects.get(pk=made.pk).visibility == "public"


def _permissions(*names: str):
    return Permission.objects.filter(codename__in=names)
