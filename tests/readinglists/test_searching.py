"""Lists and notes in the search: found by those who may read them, by nobody else, and at once."""

import itertools
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from accounts.models import ApiToken
from readinglists import rights
from readinglists.editing import items, lists, notes
from readinglists.editing.undoing import undo
from readinglists.editing.writing import locked
from readinglists.models import Audience, Item, ListEvent, Note, ReadingList
from readinglists.models.lists import ReadingListQuerySet
from search.kinds import KINDS
from tests.factories import EntryFactory, LinkFactory, PaperFactory, UserFactory
from tests.readinglists.making import add_section, join, make_link, make_list, put_on, say

pytestmark = pytest.mark.django_db
API, PAPERS = "/api/v1/search/", "/api/v1/papers/"


class Library:
    """A list of each visibility that all say the same, with notes of each audience by several
    people, an item that is only proposed, one in the trash, and a list in the trash."""

    def __init__(self) -> None:
        self.owner = UserFactory(username="owner")
        self.people = {"stranger": AnonymousUser(), "signed in": UserFactory()}
        self.people |= {role: UserFactory() for role in ("viewer", "contributor", "editor")}
        self.people["owner"] = self.owner
        for visibility in (*ReadingList.Visibility.values, "trashed"):
            self.add(visibility)

    def add(self, visibility: str) -> None:
        is_open = visibility == "trashed"
        reading_list = make_list(
            self.owner,
            f"Quokka {visibility}",
            description="All of *quokkas*",
            visibility="public" if is_open else visibility,
        )
        add_section(reading_list, "Section", prose="Of quokka and wombat")
        for role in ("viewer", "contributor", "editor"):
            join(reading_list, role, self.people[role])
        standing, removed = put_on(reading_list, PaperFactory(), PaperFactory())
        (proposed,) = put_on(
            reading_list, PaperFactory(), is_proposed=True, actor=self.people["contributor"]
        )
        for item, author, audience in itertools.product(
            (standing, removed, proposed), ("owner", "viewer", "contributor"), Audience.values
        ):
            say(item, self.people[author], f"Quokka by {author}", audience)
        if visibility in ("unlisted", "public"):
            say(standing, self.people["signed in"], "My quokka", "private")
        with locked(reading_list.pk) as held:
            items.remove_items(held, self.owner, [removed.pk])
        if is_open:
            lists.trash_list(reading_list.pk, self.owner)

    def readable(self, user) -> tuple[set[str], set[str], set[int]]:
        """Asked list by list, as their pages do: lists, notes, and papers with a note."""
        found, papers = set(), set()
        listed = ReadingList.objects.listed_for(user)
        for reading_list in listed:
            standing = rights.standing_of(reading_list, user)
            stood = Item.objects.filter(reading_list=reading_list, deleted_at=None)
            if not standing.is_member:
                stood = stood.filter(is_proposed=False)
            for note in rights.visible_notes(standing).filter(item__in=stood):
                found.add(str(note.pk))
                papers.add(note.item.paper_id)
        return {str(each.pk) for each in listed}, found, papers


@pytest.fixture
def library(settings) -> Library:
    settings.API_RATE_LIMITS = {"anonymous": "1000000/60", "user": "1000000/60"}
    return Library()


def found(client, address: str, **query: str) -> set:
    body = client.get(address, {**query, "page_size": 200}).json()
    assert body["count"] == len(body["results"])
    return {row["id"] for row in body["results"]}


def judge(client, library: Library) -> None:
    """Every face of the search finds for each person what list after list shows them."""
    for name, user in library.people.items():
        client.logout()
        if user.is_authenticated:
            client.force_login(user)
        listed, noted, papers = library.readable(user)
        assert found(client, API, q="quokka", kind="list") == listed, name
        assert found(client, API, q="quokka", kind="note") == noted, name
        assert found(client, API, q="kind:note") == noted, name
        assert found(client, "/api/v1/lists/", q="wombat") == listed, name
        assert found(client, PAPERS, q="has:note") == papers, name
        counts = client.get(API, {"q": "quokka", "facets": "1"}).json()["facets"]["kind"]
        counted = {each["value"]: each["count"] for each in counts}
        assert (counted["list"], counted["note"]) == (len(listed), len(noted)), name
        for visibility in ReadingList.Visibility.values:
            reading_list = ReadingList.objects.get(title=f"Quokka {visibility}")
            openable = ReadingList.objects.visible_to(user).filter(pk=reading_list.pk).exists()
            stood = Item.objects.filter(reading_list=reading_list, deleted_at=None)
            if rights.role_of(reading_list, user) is None:
                stood = stood.filter(is_proposed=False)
            there = set(stood.values_list("paper", flat=True))
            by_id, by_slug = str(reading_list.pk), reading_list.slug
            assert found(client, PAPERS, list=by_id) == (there if openable else set()), name
            is_listed = by_id in listed
            assert found(client, PAPERS, q=f"list:{by_slug}") == (there if is_listed else set())


def test_each_person_finds_what_they_may_read_and_nothing_else(client, library):
    judge(client, library)
    noted = library.readable(library.people["viewer"])[1]
    assert len(noted) > len(library.readable(AnonymousUser())[1]) > 0


def every_note(user):
    return Note.objects.filter(deleted_at=None)


QUERYSET = "readinglists.models.lists.ReadingListQuerySet"
NOT_ASKING = {
    "all notes": ("search.finding.KINDS", (*KINDS[:4], replace(KINDS[4], visible=every_note))),
    "papers by all notes": ("readinglists.query_fields.listed_notes", every_note),
    "everybody a member": (f"{QUERYSET}.of_members", lambda rows, user: rows),
    "all lists": (f"{QUERYSET}.listed_for", lambda rows, user: rows),
    "unlisted lists": (f"{QUERYSET}.listed_for", ReadingListQuerySet.visible_to),
}


@pytest.mark.parametrize("mutant", NOT_ASKING)
@pytest.mark.one_database
def test_the_judge_sees_what_should_not_be_found(client, library, monkeypatch, mutant):
    expected = {id(user): library.readable(user) for user in library.people.values()}
    library.readable = lambda user: expected[id(user)]
    monkeypatch.setattr(*NOT_ASKING[mutant])
    with pytest.raises(AssertionError):
        judge(client, library)


@pytest.mark.one_database
def test_a_token_without_the_scope_of_lists_finds_public_ones_only(client, library):
    def asked(*scopes: str) -> tuple[set, set]:
        _, secret = ApiToken.issue(library.owner, "a token", list(scopes))
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return (
            found(client, API, q="quokka", kind="note"),
            found(client, PAPERS, q="has:note"),
        )

    everybodys, own = library.readable(AnonymousUser()), library.readable(library.owner)
    assert asked("search:read", "papers:read") == everybodys[1:]
    assert asked("search:read", "papers:read", "lists:read") == own[1:]


@pytest.mark.one_database
def test_a_share_link_opens_no_search(client, library):
    reading_list = ReadingList.objects.get(title="Quokka private")
    make_link(reading_list, "view_notes")
    assert str(reading_list.pk) not in found(client, API, q="quokka")


class TestTheIndexFollows:
    """In the transaction of each change; `rebuild_search --check` agrees after each."""

    @pytest.fixture
    def item(self) -> Item:
        return put_on(make_list(UserFactory(), "Numbats", visibility="public"), PaperFactory())[0]

    def hits(self, text: str, user=None) -> int:
        self.in_step()
        self.client.logout()
        if user:
            self.client.force_login(user)
        return self.client.get(API, {"q": text}).json()["count"]

    def in_step(self) -> None:
        try:
            call_command("rebuild_search", check=True, verbosity=0)
        except CommandError as error:
            raise AssertionError(error) from None

    @pytest.fixture(autouse=True)
    def _client(self, client, settings) -> None:
        settings.API_RATE_LIMITS = {"anonymous": "1000000/60", "user": "1000000/60"}
        self.client = client

    def test_a_note_through_its_audiences_edits_and_the_trash(self, item):
        owner = item.reading_list.owner
        note = say(item, owner, "Echidna", "private")
        version = ReadingList.objects.get(pk=item.reading_list_id).version
        assert (self.hits("echidna"), self.hits("echidna", owner)) == (0, 1)

        def change(**to: str) -> None:
            note.refresh_from_db()
            with locked(item.reading_list_id) as held:
                notes.change_note(held, owner, note, **to)

        change(markdown="Bilby")
        assert (self.hits("echidna", owner), self.hits("bilby", owner)) == (0, 1)
        assert ReadingList.objects.get(pk=item.reading_list_id).version == version
        change(audience="public")
        assert self.hits("bilby") == 1
        change(audience="private")
        assert (self.hits("bilby"), self.hits("bilby", owner)) == (0, 1)
        with locked(item.reading_list_id) as held:
            notes.remove_note(held, owner, Note.objects.get(pk=note.pk))
        assert self.hits("bilby", owner) == 0

    def test_a_public_note_that_is_removed_and_brought_back(self, item):
        owner, note = item.reading_list.owner, say(item, None, "Echidna")
        with locked(item.reading_list_id) as held:
            notes.remove_note(held, owner, note)
        assert self.hits("echidna") == 0
        undo(ListEvent.objects.latest("version"), owner)
        assert self.hits("echidna") == 1

    def test_a_list_that_is_renamed_trashed_and_restored(self, item):
        reading_list, owner = item.reading_list, item.reading_list.owner
        lists.change_list(reading_list.pk, owner, None, title="Potoroos")
        assert (self.hits("numbats"), self.hits("potoroos")) == (0, 1)
        lists.trash_list(reading_list.pk, owner)
        assert self.hits("potoroos", owner) == 0
        lists.untrash_list(reading_list.pk, owner)
        assert self.hits("potoroos") == 1
        ReadingList.objects.get(pk=reading_list.pk).delete()
        assert self.hits("potoroos", owner) == 0

    def test_whom_a_note_quotes_is_not_what_it_says(self, item):
        say(item, None, "> Echidna\n\n— Dan Bilby, 2022")
        assert (self.hits("echidna"), self.hits("bilby")) == (1, 0)

    def test_what_one_says_of_a_quotation_is_found_whatever_stands_above_it(self, item):
        say(item, None, "> Echidna\n\n— Dan Bilby, 2022\n\nQuoll\n\n— Numbat")
        assert [self.hits(each) for each in ("echidna", "bilby", "quoll", "numbat")] == [1, 0, 1, 2]

    def test_a_note_that_only_quotes_the_newsletter_is_found_with_the_entry_once(self, item):
        owner, paper = item.reading_list.owner, item.paper
        html = "<p>The <a href='/x'>quokka</a> is *small*. [1]</p><p>So is it.</p>"
        told = EntryFactory(html=html)
        LinkFactory(entry=told, paper=paper, role="primary")
        told.save()
        passage = r"> The [quokka](<https://example.org/>) is \*small\*. \[1\]" + "\n>\n> So is it."
        say(item, None, f"{passage}\n\n— Dan Bilby, 2022")
        assert (self.hits("quokka"), self.hits("kind:note quokka")) == (1, 0)
        assert self.hits("kind:note") == 1  # it is a note all the same
        say(item, None, f"{passage}\n\n— Dan Bilby, 2022\n\nI disagree.")
        assert self.hits("kind:note quokka") == 1
        say(item, owner, passage, "private")  # somebody's own mark in the text
        assert [self.hits("kind:note quokka", each) for each in (None, owner)] == [1, 2]
        told.html = "<p>Something else.</p>"
        told.save()
        assert self.hits("kind:note quokka") == 2
        told.html = html
        told.save()
        assert self.hits("kind:note quokka") == 1

    def test_what_may_not_be_seen_is_not_named_by_its_note(self, item):
        item.paper.title = "Secret Potoroo"
        item.paper.is_hidden = True
        item.paper.save()
        say(item, None, "Echidna")
        (hit,) = self.client.get(API, {"q": "echidna"}).json()["results"]
        assert hit["title"] == "On No longer available"
        assert self.hits("potoroo") == 0
