"""Share links: what one opens, how long, and what its address leaves behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from config.logs import mask
from readinglists.editing import items, lists, undoing
from readinglists.editing.writing import Refused, locked
from readinglists.models import Item, ListEvent, ReadingList, ShareLink
from readinglists.rights import standing_of
from readinglists.sharing import links, proposals
from tests.factories import UserFactory
from tests.readinglists.making import join, make_link, make_list, put_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading_list() -> ReadingList:
    return make_list(title="Kept to few", visibility="private")


@pytest.fixture
def owner(reading_list, client) -> Client:
    client.force_login(reading_list.owner)
    return client


def address(secret: str) -> str:
    return f"/s/{secret}/proposals/"


ENDINGS = {
    "revoked": lambda link: links.revoke_link(link.reading_list_id, link.created_by, link.pk),
    "rotated": lambda link: links.rotate_link(link.reading_list_id, link.created_by, link.pk),
    "expired": lambda link: _set(link, expires_at=timezone.now()),
    "maker disabled": lambda link: _set(link.created_by, is_active=False),
    "handed over": lambda link: _set(link.reading_list, owner=UserFactory()),
    "list in the trash": lambda link: lists.trash_list(link.reading_list_id, link.created_by),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_bad_89_a_link_that_has_ended_answers_like_one_that_never_was(reading_list, ending):
    stranger, secret = Client(), make_link(reading_list, "propose")
    there = stranger.get(address(secret))
    assert (there.status_code, reading_list.title in there.text) == (200, True)
    wrong = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    never = stranger.get(address(wrong))
    ENDINGS[ending](ShareLink.objects.get())
    # Neither a copy nor its tag opens it again.
    gone = stranger.get(
        address(secret), headers={"If-None-Match": there.headers.get("ETag", '"x"')}
    )
    assert (gone.status_code, never.status_code) == (404, 404)
    assert gone.text.replace(secret, "…") == never.text.replace(wrong, "…")
    names = {"Cache-Control", "Referrer-Policy", "Vary", "Content-Type", "X-Robots-Tag"}
    assert {n: gone.headers.get(n) for n in names} == {n: never.headers.get(n) for n in names}


@pytest.mark.parametrize("junk", ["", "*x", '"', 'W/"', "abc", '"a", W/', "\x80", "x" * 5000])
def test_bad_92_conditions_that_make_no_sense_are_none(reading_list, junk):
    secret = make_link(reading_list, "propose")
    lists.change_list(reading_list.pk, reading_list.owner, None, visibility="public")
    headers = {"If-None-Match": junk, "If-Modified-Since": junk}
    for path in (address(secret), f"/s/{secret}/", f"/api/v1/lists/{reading_list.pk}/"):
        assert Client().get(path, headers=headers).status_code == 200, path


def test_nothing_keeps_a_copy_of_what_a_link_shows_nor_tells_its_address(reading_list):
    secret = make_link(reading_list, "propose")
    answer = Client().get(address(secret))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    link = ShareLink.objects.get()
    assert link.last_used_at is not None
    assert secret not in str(ShareLink.objects.values_list())


def test_guessing_ends_after_thirty_misses_a_minute(reading_list, settings):
    settings.ACCOUNT_RATE_LIMITS = True
    stranger, secret = Client(), make_link(reading_list, "propose")
    answers = [stranger.get(f"/s/guess-{number}/proposals/").status_code for number in range(32)]
    assert answers == [404] * 30 + [429] * 2
    assert stranger.get(address(secret)).status_code == 200


@pytest.mark.parametrize(
    "place",
    [
        "/s/{}/",
        "/s/{}/export.md",
        "http://testserver/s/{}/?x=1",
        "/accounts/login/?next=/s/{}/proposals/",
        "/accounts/login/?next=%2Fs%2F{}%2Fproposals%2F",
        "/lists/invitation/{}/",
        "/accounts/login/?next=%2Flists%2Finvitation%2F{}%2F",
    ],
)
def test_addresses_in_logs_are_masked(place):
    secret = "Kd0-_yQ9DUnZG0eVLT6Vr2lY1GN_DCwi"
    assert secret not in mask(f"GET {place.format(secret)} 200")
    assert "***" in mask(place.format(secret))


def test_other_addresses_of_lists_stay_readable_in_logs():
    line = "Not Found: /lists/01890a5d-ac96-774b-bcce-b302099a8057/members/ /lists/invitations/"
    assert mask(line) == line


def test_a_failing_page_reports_no_secret(reading_list, monkeypatch):
    """What an error report shows of the frames: Django's, and those made like it."""
    from django.test import RequestFactory
    from django.views.debug import get_exception_reporter_filter

    from readinglists import access as module

    secret = make_link(reading_list)
    request = RequestFactory().get("/")
    request.user = UserFactory()
    shown: list[object] = []

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(module, "standing_of", fail)
    with pytest.raises(RuntimeError) as raised:
        module.shared_access(request, secret)
    reports = get_exception_reporter_filter(request)
    frame = raised.tb
    while frame is not None:
        shown += reports.get_traceback_frame_variables(request, frame.tb_frame)
        frame = frame.tb_next
    own = [value for name, value in shown if name == "secret"]
    assert len(own) > 1
    # The first frame is this test's own.
    assert all(secret not in str(value) for value in own[1:])


class TestForTheOwner:
    def test_the_address_is_shown_once_and_sending_the_form_again_makes_no_second(
        self, reading_list, owner
    ):
        place = f"/lists/{reading_list.pk}/links/"
        form = owner.get(place).context["form"]
        sent = {"name": "Reviewers", "allows": "view", "days": "7"}
        sent["request_id"] = str(form["request_id"].value())
        made = owner.post(place, sent)
        assert "no-store" in made.headers["Cache-Control"]
        url = made.context["url"]
        assert url in made.text
        again = owner.post(place, sent, follow=True)
        assert "was shown once" in again.text
        assert url not in again.text
        assert url not in owner.get(place).text
        link = ShareLink.objects.get()
        assert timedelta(days=6) < link.expires_at - timezone.now() < timedelta(days=7, hours=1)
        assert links.link_of(url.rstrip("/").rpartition("/")[2]) == link

    def test_it_is_renamed_given_a_new_address_once_and_revoked(self, reading_list, owner):
        secret = make_link(reading_list, name="Old name")
        link = ShareLink.objects.get()
        page = f"/lists/{reading_list.pk}/links/{link.pk}/"
        owner.post(page, {"name": "New name", "days": ""})
        link.refresh_from_db()
        assert (link.name, link.expires_at) == ("New name", None)
        assert links.link_of(secret)

        based_on = {"based_on": link.made_at.isoformat()}
        rotated = owner.post(f"{page}rotate/", based_on)
        url = rotated.context["url"]
        assert links.link_of(secret) is None
        # The browser's reload must not end the address that was just copied.
        owner.post(f"{page}rotate/", based_on)
        assert links.link_of(url.rstrip("/").rpartition("/")[2])
        owner.post(f"{page}revoke/")
        owner.post(f"{page}revoke/")
        assert links.link_of(url.rstrip("/").rpartition("/")[2]) is None
        told = ListEvent.objects.filter(reading_list=reading_list).order_by("version")
        assert list(told.values_list("verb", flat=True)) == ["made", "rotated", "revoked"]
        assert "name" not in str(told.values_list("before", "after"))
        with pytest.raises(Refused):
            undoing.undo(told.last(), reading_list.owner)

    def test_nobody_else_reaches_them_and_ids_of_other_lists_are_none(self, reading_list, owner):
        reading_list = make_list(visibility="public")
        make_link(reading_list)
        link = ShareLink.objects.get()
        page = f"/lists/{reading_list.pk}/links/"
        for user in (join(reading_list, "editor"), UserFactory()):
            other = Client()
            other.force_login(user)
            for path in (page, f"{page}{link.pk}/"):
                assert other.get(path).status_code == 403
            for path in (page, f"{page}{link.pk}/revoke/", f"{page}{link.pk}/rotate/"):
                assert other.post(path).status_code == 403
            with pytest.raises(PermissionDenied):
                links.rotate_link(reading_list.pk, user, link.pk)
        own = ReadingList.objects.exclude(pk=reading_list.pk).get()
        for act in ("", "revoke/", "rotate/"):
            path = f"/lists/{own.pk}/links/{link.pk}/{act}"
            assert owner.post(path).status_code == 404
        assert links.working_links().filter(pk=link.pk).exists()


class TestProposals:
    def test_whoever_has_the_link_proposes_after_signing_in_and_sees_what_became_of_it(
        self, reading_list
    ):
        secret = make_link(reading_list, "propose")
        guest, user = Client(), UserFactory()
        assert f"?next=/s/{secret}/proposals/" in guest.get(address(secret)).text
        assert guest.post(address(secret), {"what": "https://example.org/a"}).status_code == 403
        guest.force_login(user)
        for letter in "abc":
            sent = {"what": f"https://example.org/{letter}", "title": f"Title {letter}"}
            assert guest.post(address(secret), sent).status_code == 302
        a, b, c = Item.objects.order_by("url")
        assert {each.is_proposed for each in (a, b, c)} == {True}

        editor = Client()
        editor.force_login(reading_list.owner)
        place = f"/lists/{reading_list.pk}/proposals/"
        page = editor.get(place).text
        assert page.count("proposed by") == 3
        editor.post(f"{place}{a.pk}/accept/")
        editor.post(f"{place}{b.pk}/decline/")
        assert guest.post(f"{address(secret)}{c.pk}/decline/").status_code == 403
        assert guest.post(f"{address(secret)}{c.pk}/withdraw/").status_code == 302
        found = proposals.proposals_of(reading_list, user)
        assert {each.item.title: each.outcome for each in found} == {
            "Title a": "accepted",
            "Title b": "declined",
            "Title c": "withdrawn",
        }
        assert "accepted" in guest.get(address(secret)).text
        standing = Item.objects.filter(deleted_at=None, is_proposed=False)
        assert list(standing.values_list("title", flat=True)) == ["Title a"]

    @pytest.mark.parametrize("allows", ["view", "view_notes"])
    def test_other_links_propose_nothing(self, reading_list, allows):
        secret = make_link(reading_list, allows)
        guest = Client()
        guest.force_login(UserFactory())
        for method in (guest.get, guest.post):
            assert method(address(secret)).status_code == 403

    def test_a_right_that_ended_meanwhile_is_none(self, reading_list):
        make_link(reading_list, "propose")
        user, link = UserFactory(), ShareLink.objects.get()
        standing = standing_of(reading_list, user, link)
        target = proposals.target_called("https://example.org/", "A title", user)
        links.rotate_link(reading_list.pk, reading_list.owner, link.pk)
        with pytest.raises(PermissionDenied):
            proposals.propose(reading_list, standing, [target])

    def test_what_stands_already_is_neither_declined_nor_withdrawn_away(self, reading_list):
        _set(reading_list, visibility="members")
        (item,) = put_on(reading_list, "https://example.org/")
        for act in (proposals.decline, proposals.accept, proposals.withdraw):
            act(reading_list.pk, reading_list.owner, item.pk)
        assert Item.objects.get().deleted_at is None
        with locked(reading_list.pk) as held:
            items.remove_items(held, held.owner, [item.pk])
        proposals.accept(reading_list.pk, reading_list.owner, item.pk)
        assert Item.objects.get().deleted_at is not None


def _set(row, **values) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**values)
