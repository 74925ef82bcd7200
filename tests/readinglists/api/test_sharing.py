"""Members, invitations, share links and the handing over, over the API."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from api.models import IdempotentAnswer
from readinglists.models import Invitation, Membership, ShareLink
from readinglists.rights import role_of
from readinglists.sharing.links import link_of
from readinglists.sharing.proposals import proposals_of
from tests.factories import UserFactory
from tests.readinglists.api.conftest import Caller, codes, place_of
from tests.readinglists.making import join, make_link, make_list

pytestmark = pytest.mark.django_db


def test_members_are_seen_by_members_and_changed_by_the_owner(
    owner, reading_list, editor, somebody
):
    place = place_of(reading_list, "members")
    seen = editor.get(place).json()
    assert [(row["user"], row["role"]) for row in seen["results"]] == sorted(
        [(owner.user.username, "owner"), (editor.user.username, "editor")]
    )
    assert seen["count"] == 2
    one = f"{place}{editor.user.public_id}/"
    assert editor.send("PATCH", one, {"role": "viewer"}).status_code == 403
    assert somebody.get(place).status_code == 404
    assert owner.send("PATCH", one, {"role": "viewer"}).json()["role"] == "viewer"
    assert role_of(reading_list, editor.user) == "viewer"
    assert codes(owner.send("PATCH", one, {"role": "owner"})) == {"role": "invalid_choice"}
    assert codes(owner.send("PATCH", one, {"role": "viewer", "id": "x"})) == {"id": "read_only"}
    own = f"{place}{owner.user.public_id}/"
    assert owner.send("PATCH", own, {"role": "viewer"}).status_code == 403
    assert owner.send("DELETE", own).status_code == 403
    assert owner.send("DELETE", one).status_code == 204
    assert owner.send("DELETE", one).status_code == 404
    assert editor.get(place).status_code == 404


def test_what_is_public_does_not_tell_strangers_who_its_members_are(owner, somebody):
    reading_list = make_list(owner.user, visibility="public")
    assert somebody.get(place_of(reading_list, "members")).status_code == 403
    assert Client().get(place_of(reading_list, "members")).status_code == 401


def test_a_link_says_its_secret_once_and_no_key_keeps_it(owner, reading_list):
    place = place_of(reading_list, "share-links")
    body = {"name": "Reviewers", "allows": "view_notes"}
    made = owner.send("POST", place, body, Idempotency_Key="once")
    assert made.status_code == 201, made.content
    assert made.headers["Cache-Control"] == "no-store"
    token = made.json()["token"]
    assert made.json()["url"].endswith(f"/s/{token}/")
    assert link_of(token).name == "Reviewers"
    assert not IdempotentAnswer.objects.exists()
    one = f"{place}{made.json()['id']}/"
    for answer in (owner.get(place), owner.get(one)):
        assert token not in answer.text
        assert "digest" not in answer.text

    rotated = owner.send("POST", f"{one}rotate/")
    assert (rotated.status_code, rotated.headers["Cache-Control"]) == (200, "no-store")
    assert link_of(token) is None
    token = rotated.json()["token"]
    ends = (timezone.now() + timedelta(days=3)).isoformat()
    changed = owner.send("PATCH", one, {"name": "Readers", "expires_at": ends})
    assert (changed.status_code, changed.json()["name"]) == (200, "Readers")
    assert link_of(token).expires_at is not None
    assert codes(owner.send("PATCH", one, {"allows": "propose"})) == {"allows": "read_only"}
    assert codes(owner.send("PATCH", one, {"expires_at": "2020-01-01T00:00:00Z"})) == {
        "expires_at": "invalid"
    }
    assert owner.send("DELETE", one).status_code == 204
    assert link_of(token) is None
    assert owner.get(one).json()["revoked_at"] is not None
    assert codes(owner.send("POST", f"{one}rotate/")) == {None: "gone"}


@pytest.mark.parametrize("part", ["share-links", "invitations"])
@pytest.mark.parametrize("role", ["editor", "contributor", "viewer"])
def test_only_the_owner_sees_makes_and_ends_what_lets_others_in(owner, reading_list, part, role):
    """Vikunja let readers list the shares of admins (CVE-2026-56765), and writers delete them
    (CVE-2026-111921)."""
    member = Caller(join(reading_list, role))
    place = place_of(reading_list, part)
    make_link(reading_list, name="Secret name")
    made = owner.send(
        "POST", place, {"role": "viewer"} | ({"name": "x"} if part == "share-links" else {})
    )
    pk = (ShareLink if part == "share-links" else Invitation).objects.values_list("pk", flat=True)
    for method, path in (
        ("GET", place),
        ("POST", place),
        ("GET", f"{place}{pk[0]}/"),
        ("PATCH", f"{place}{pk[0]}/"),
        ("DELETE", f"{place}{pk[0]}/"),
        ("POST", f"{place}{pk[0]}/rotate/"),
    ):
        answer = member.send(method, path, {} if method != "GET" else None)
        assert answer.status_code in {403, 404, 405}, (method, path, made)
        assert "Secret name" not in answer.text


def test_parts_of_another_list_are_as_if_they_were_not(owner, reading_list):
    """Vikunja took the ids of other projects' shares (CVE-2026-68582)."""
    other = make_list(owner.user, visibility="members")
    member = join(other, "viewer")
    make_link(other)
    link = ShareLink.objects.get().pk
    owner.send("POST", place_of(other, "invitations"), {"role": "viewer"})
    invited = Invitation.objects.get().pk
    for path in (
        place_of(reading_list, "share-links", link),
        place_of(reading_list, "invitations", invited),
        place_of(reading_list, "members", member.public_id),
    ):
        body = {"name": "x"} if "share" in path else {"role": "viewer"}
        assert owner.get(path).status_code == 404
        assert owner.send("DELETE", path).status_code == 404
        assert owner.send("PATCH", path, body).status_code in {404, 405}
    assert (
        owner.send("POST", f"{place_of(reading_list, 'share-links', link)}rotate/").status_code
        == 404
    )
    assert ShareLink.objects.get().revoked_at is None


def test_invitations_say_the_same_whether_an_account_answers_or_not(owner, reading_list):
    UserFactory(username="known")
    place = place_of(reading_list, "invitations")
    answers = []
    for name in ("known", "unknown"):
        row = owner.send("POST", place, {"role": "viewer", "addressee": name}).json()
        assert row.pop("addressee") == name
        answers.append(sorted(row))
    assert answers[0] == answers[1] == ["created_at", "expires_at", "id", "role"]
    link = owner.send("POST", place, {"role": "viewer"})
    assert link.json()["url"].endswith(f"/lists/invitation/{link.json()['token']}/")
    assert link.json()["token"] not in owner.get(place).text
    assert owner.get(place).json()["count"] == 3
    assert owner.send("DELETE", f"{place}{link.json()['id']}/").status_code == 204
    assert owner.get(place).json()["count"] == 2


def test_a_list_is_offered_accepted_and_left(owner, reading_list, editor, viewer):
    place = place_of(reading_list, "transfer")
    assert owner.get(place).status_code == 404
    body = {"member": str(editor.user.public_id)}
    assert editor.send("POST", place, body).status_code == 403
    assert owner.send("POST", place, body).json()["to"] == editor.user.username
    assert viewer.get(place).status_code == 403
    assert viewer.send("POST", f"{place}accept/").status_code == 403
    assert viewer.send("DELETE", place).status_code == 403
    assert editor.send("DELETE", place).status_code == 204
    assert editor.send("POST", f"{place}accept/").status_code == 403
    owner.send("POST", place, body)
    assert editor.send("POST", f"{place}accept/").status_code == 204
    assert [role_of(type(reading_list).objects.get(), one.user) for one in (owner, editor)] == [
        "editor",
        "owner",
    ]
    leave = place_of(reading_list, "leave")
    assert codes(editor.send("POST", leave)) == {None: "owner"}
    assert viewer.send("POST", leave).status_code == 204
    assert viewer.send("POST", leave).status_code == 404
    assert not Membership.objects.filter(user=viewer.user).exists()


def test_editors_decide_what_contributors_propose(owner, reading_list, editor, contributor):
    place = place_of(reading_list, "items")
    first, second = (
        contributor.send("POST", place, {"url": f"https://example.org/{number}"}).json()
        for number in (1, 2)
    )
    assert first["is_proposed"] is True
    for word in ("accept", "decline"):
        assert contributor.send("POST", f"{place}{first['id']}/{word}/").status_code == 403
    accepted = editor.send("POST", f"{place}{first['id']}/accept/")
    assert (accepted.status_code, accepted.json()["is_proposed"]) == (200, False)
    assert editor.send("POST", f"{place}{second['id']}/decline/").status_code == 204
    assert editor.send("POST", f"{place}{second['id']}/accept/").status_code == 404
    assert editor.send("POST", f"{place}{first['id']}/decline/").status_code == 204
    assert [row["id"] for row in owner.get(place).json()["results"]] == [first["id"]]
    outcomes = {each.outcome for each in proposals_of(reading_list, contributor.user)}
    assert outcomes == {"accepted", "declined"}


def test_a_disabled_account_loses_tokens_links_and_parts_at_the_next_request(
    owner, reading_list, editor
):
    """Vikunja disabled the account, and not what it had handed out (CVE-2026-123493)."""
    secret = make_link(reading_list)
    place = place_of(reading_list)
    session = Client()
    session.force_login(editor.user)
    assert session.get(place).status_code == 200
    for caller in (editor, owner):
        caller.user.is_active = False
        caller.user.save()
        assert caller.get(place).status_code == 401
    assert session.get(place).status_code == 404
    assert link_of(secret) is None
    assert role_of(reading_list, editor.user) is None
    assert not type(reading_list).objects.visible_to(editor.user).exists()
