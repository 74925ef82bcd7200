"""`changes?since=`: whoever keeps a copy in step ends with what they may see."""

import random
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

import api.changes
from accounts.models import ApiToken
from api.models import Change
from config import changes
from papers.models import Paper
from readinglists.editing import lists
from readinglists.editing.undoing import undo
from readinglists.models import ListEvent, Membership, ReadingList
from readinglists.sharing.members import remove_member
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.making import join, make_list, put_on, say
from tests.threads import beside

PATH = "/api/v1/changes/"


class Copy:
    """A client that keeps a copy: what it was told of, and the state it then read."""

    def __init__(self, client: Client, *, since: str = "now") -> None:
        self.client = client
        self.things: dict[tuple[str, str], Any] = {}
        self.since = client.get(PATH, {"since": "now"}).json()["version"] if since else ""

    def follow(self, page_size: int = 50) -> list[tuple[str, str]]:
        """Read on to the end; each thing told of and how."""
        told = []
        while True:
            query = {"since": self.since, "page_size": page_size}
            answer = self.client.get(PATH, {name: each for name, each in query.items() if each})
            assert answer.status_code == 200, answer.content
            body = answer.json()
            for row in body["results"]:
                told.append((row["id"], row["verb"]))
                self._take(row)
            self.since = body["version"]
            if not body["has_more"]:
                return told

    def _take(self, row: dict[str, Any]) -> None:
        thing = (row["kind"], row["id"])
        answer = self.client.get(urlsplit(row["url"]).path) if row["url"] else None
        if answer is None or answer.status_code == 404:
            self.things.pop(thing, None)
        else:
            self.things[thing] = answer.json()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def settled_at_once(db, monkeypatch):
    """Within one transaction, which is all such a test has, nothing would ever be settled."""
    monkeypatch.setattr(api.changes, "horizon", lambda: None)


@pytest.mark.usefixtures("settled_at_once")
class TestOrder:
    def test_tells_what_came_changed_and_went_in_order(self, client):
        copy = Copy(client)
        kept, gone = PaperFactory(), PaperFactory()
        kept.save()
        key = str(gone.pk)
        gone.delete()
        told = copy.follow()
        assert [verb for pk, verb in told if pk == str(kept.pk)] == ["created", "updated"]
        # It came and went between two looks: there is nothing to drop but what is gone.
        assert [verb for pk, verb in told if pk == key] == ["deleted"]
        assert copy.follow() == []

    def test_goes_on_from_where_an_answer_ended_whatever_its_size(self, client):
        whole, pieces = Copy(client), Copy(client)
        for _ in range(7):
            PaperFactory()
        assert pieces.follow(page_size=2) == whole.follow()

    def test_leads_on_by_address_and_by_header(self, client):
        before = client.get(PATH, {"since": "now"}).json()["version"]
        PaperFactory()
        PaperFactory()
        answer = client.get(PATH, {"since": before, "page_size": 1})
        body = answer.json()
        assert body["has_more"]
        assert parse_qs(urlsplit(body["next"]).query)["since"] == [body["version"]]
        assert answer.headers["Link"] == f'<{body["next"]}>; rel="next"'

    def test_reads_past_much_that_is_none_of_the_callers_business(self, client, monkeypatch):
        monkeypatch.setattr(changes, "_AT_ONCE", 2)
        monkeypatch.setattr(changes, "_READ_AT_MOST", 4)
        copy = Copy(client)
        made = make_list()
        for number in range(9):
            lists.change_list(made.pk, made.owner, None, title=f"Title {number}")
        paper = PaperFactory()
        first = client.get(PATH, {"since": copy.since}).json()
        assert (first["results"], first["has_more"]) == ([], True)
        assert copy.follow() == [(str(paper.pk), "created")]

    def test_asks_no_more_of_the_database_for_more_changes(
        self, client, django_assert_max_num_queries
    ):
        before = client.get(PATH, {"since": "now"}).json()["version"]
        for _ in range(30):
            PaperFactory()
            make_list(visibility="public")
        with django_assert_max_num_queries(8):
            assert len(client.get(PATH, {"since": before}).json()["results"]) == 50


@pytest.mark.usefixtures("settled_at_once")
class TestWhatOneIsTold:
    def test_a_list_that_is_withdrawn_reaches_everybody_as_a_deletion(self, client):
        made = make_list(visibility="public")
        copy = Copy(client, since="")
        copy.follow()
        assert ("list", str(made.pk)) in copy.things
        lists.change_list(made.pk, made.owner, None, visibility="private")
        assert copy.follow() == [(str(made.pk), "deleted")]
        assert ("list", str(made.pk)) not in copy.things

    @pytest.mark.parametrize("visibility", ["private", "members", "unlisted"])
    def test_nobody_learns_of_a_list_they_never_saw(self, client, visibility):
        copy = Copy(client)
        stranger = Copy(signed_in(UserFactory()))
        made = make_list(visibility=visibility)
        put_on(made, PaperFactory())
        told = [pk for pk, _ in copy.follow()]
        lists.trash_list(made.pk, made.owner)
        told += [pk for pk, _ in [*copy.follow(), *stranger.follow()]]
        assert str(made.pk) not in told

    @pytest.mark.parametrize("last", ["trash", "private", "undone", "removed"])
    def test_members_are_told_when_they_lose_sight(self, last):
        made = make_list(visibility="members")
        member = join(made, "viewer")
        owner, theirs = Copy(signed_in(made.owner), since=""), Copy(signed_in(member), since="")
        owner.follow()
        assert str(made.pk) in [pk for pk, _ in theirs.follow()]
        if last == "trash":
            lists.trash_list(made.pk, made.owner)
        elif last == "removed":
            part = Membership.objects.get(reading_list=made, user=member)
            remove_member(made.pk, made.owner, part.pk)
        elif last == "private":
            lists.change_list(made.pk, made.owner, None, visibility="private")
        else:
            lists.change_list(made.pk, made.owner, None, visibility="private")
            undo(ListEvent.objects.filter(reading_list=made).latest("version"), made.owner)
        theirs.follow()
        owner.follow()
        assert (("list", str(made.pk)) in theirs.things) == (last == "undone")
        assert (("list", str(made.pk)) in owner.things) == (last != "trash")

    def test_a_private_note_is_no_change_of_the_list(self, client):
        made = make_list(visibility="public")
        [item] = put_on(made, PaperFactory())
        copy = Copy(client)
        say(item, made.owner, "mine alone", "private")
        assert copy.follow() == []

    def test_a_token_is_told_of_what_it_may_read(self, client):
        user = UserFactory()
        _, secret = ApiToken.issue(user, "a", ["changes:read", "papers:read"])
        before = client.get(PATH, {"since": "now"}).json()["version"]
        paper = PaperFactory()
        make_list(visibility="public")
        answer = client.get(
            PATH, {"since": before}, headers={"Authorization": f"Bearer {secret}"}
        ).json()
        assert [(row["kind"], row["id"]) for row in answer["results"]] == [("paper", str(paper.pk))]

    def test_a_token_of_one_list_is_told_of_that_one(self, client):
        user = UserFactory()
        mine, other = make_list(user), make_list(user)
        scopes = ["changes:read", "papers:read", "lists:read"]
        _, secret = ApiToken.issue(user, "a", scopes, only_list=mine.pk)
        PaperFactory()
        lists.change_list(other.pk, user, None, title="Other", visibility="public")
        lists.trash_list(other.pk, user)
        answer = client.get(PATH, headers={"Authorization": f"Bearer {secret}"}).json()
        assert {row["id"] for row in answer["results"]} == {str(mine.pk)}
        ApiToken.objects.update(scopes=["changes:read"])
        answer = client.get(PATH, headers={"Authorization": f"Bearer {secret}"}).json()
        assert answer["results"] == []


@pytest.mark.usefixtures("settled_at_once")
class TestBadInput:
    @pytest.mark.parametrize(
        "since", ["x", "-1", "1.2.3", "1.", ".1", "9" * 30, "1e5", "١", "%00", "NOW"]
    )
    def test_a_version_nobody_gave_out_is_refused(self, client, since):
        answer = client.get(PATH, {"since": since})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "since"

    def test_a_site_that_was_set_back_says_so(self, client):
        PaperFactory()
        known = client.get(PATH, {"since": "now"}).json()["version"]
        Change.objects.all().delete()
        errors = client.get(PATH, {"since": known}).json()["errors"]
        assert errors[0]["code"] == "unknown_version"

    def test_an_unknown_kind_is_refused_and_the_known_ones_named(self, client):
        error = client.get(PATH, {"kind": "user"}).json()["errors"][0]
        assert (error["field"], "paper" in error["detail"]) == ("kind", True)


# --- Against writers ---------------------------------------------------------------------------
def act(chance: random.Random, people: list[Any]) -> None:
    """Do one thing to a list or a paper, if there is something to do it to."""
    owner = chance.choice(people)
    there = list(ReadingList.objects.filter(owner=owner).order_by("pk"))
    made = chance.choice([None, *there])
    if made is None:
        visibility = chance.choice(ReadingList.Visibility.values)
        made = lists.make_list(owner, f"List {chance.random()}", visibility=visibility)
        return
    match chance.choice(["title", "visibility", "trash", "untrash", "join", "paper", "gone"]):
        case "title":
            lists.change_list(made.pk, owner, None, title=f"Title {chance.random()}")
        case "visibility":
            visibility = chance.choice(ReadingList.Visibility.values)
            lists.change_list(made.pk, owner, None, visibility=visibility)
        case "trash":
            lists.trash_list(made.pk, owner)
        case "untrash":
            lists.untrash_list(made.pk, owner)
        case "join":
            Membership.objects.get_or_create(
                reading_list=made, user=chance.choice(people), defaults={"role": "viewer"}
            )
            lists.change_list(made.pk, owner, None, title=f"Joined {chance.random()}")
        case "paper":
            PaperFactory(citation_key=f"key{chance.getrandbits(60)}")
        case "gone":
            for paper in Paper.objects.order_by("?")[:1]:
                paper.delete()


def follow_while_others_write(seed: int, people: list[Any]) -> None:
    chance = random.Random(seed)
    copies = [Copy(signed_in(person), since="") for person in people]
    copies.append(Copy(Client(), since=""))
    writers_are_done = threading.Event()

    def write() -> None:
        own = random.Random(chance.random())
        for _ in range(6):
            act(own, people)

    def write_both() -> None:
        try:
            beside(write, write)
        finally:
            writers_are_done.set()

    def poll() -> None:
        while not writers_are_done.is_set():
            for copy in copies:
                copy.follow(page_size=chance.choice([1, 3, 50]))

    beside(write_both, poll)
    for person, copy in zip([*people, None], copies, strict=True):
        copy.follow()
        assert copy.things == read_all(copy.client), (seed, person)


def read_all(client: Client) -> dict[tuple[str, str], Any]:
    things = {}
    for kind, path in {"list": "/api/v1/lists/", "paper": "/api/v1/papers/"}.items():
        for row in client.get(path, {"page_size": 200}).json()["results"]:
            things[kind, str(row["id"])] = client.get(f"{path}{row['id']}/").json()
    return things


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_horizon")
@pytest.mark.parametrize(
    "runs", [pytest.param(4, id="4"), pytest.param(200, id="200", marks=pytest.mark.trial)]
)
def test_a_copy_ends_with_the_servers_state_while_others_write(runs, settings):
    settings.API_RATE_LIMITS = {"anonymous": "1000000/60", "user": "1000000/60"}
    for seed in range(runs):
        people = [UserFactory(), UserFactory()]
        follow_while_others_write(seed, people)
        ReadingList.objects.all().delete()
        Paper.objects.all().delete()
        Change.objects.all().delete()
