"""The history of a list: in words its members understand, with nothing its reader may not see."""

import json
import re
from html import unescape
from itertools import product
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from readinglists.editing import items, lists, notes, undoing
from readinglists.editing.writing import Refused, locked
from readinglists.event_rows import event_rows
from readinglists.history.telling import told
from readinglists.history.then import as_it_stood
from readinglists.models import Item, ListEvent, Note, ReadingList
from readinglists.revisions import freeze
from readinglists.rights import standing_of
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.making import add_section, join, make_link, make_list, order_of, put_on, say

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
WORD = "quokka"


@pytest.fixture
def reading_list():
    return make_list(title="Animals", visibility="public")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(reading_list: ReadingList, name: str = "history", **kwargs) -> str:
    return reverse(f"readinglists:{name}", kwargs={"pk": reading_list.pk, **kwargs})


def events_of(reading_list: ReadingList) -> list[ListEvent]:
    events = ListEvent.objects.filter(reading_list=reading_list).select_related("actor")
    return list(events.order_by("-version"))


def sentences(reading_list: ReadingList, user=None) -> list[str]:
    reading_list.refresh_from_db()
    standing = standing_of(reading_list, user or reading_list.owner)
    return [each.sentence for each in told(reading_list, events_of(reading_list), standing)]


# --- In words ----------------------------------------------------------------------------------
def test_each_change_is_told_in_words(reading_list):
    owner, pk = reading_list.owner, reading_list.pk
    section = add_section(reading_list, "Marsupials", prose="They *hop*.")
    made = put_on(reading_list, *(f"https://example.org/{each}" for each in "abcd"))
    with locked(pk) as held:
        items.move_item(held, owner, made[0].pk, None, 2)
    with locked(pk) as held:
        items.move_item(held, owner, made[1].pk, section.pk)
    with locked(pk) as held:
        lists.change_section(held, owner, section.pk, prose="They *jump*.")
    lists.change_list(pk, owner, None, title="Beasts", description="All of them.")
    lists.change_list(pk, owner, None, visibility="members")
    say(made[0], owner, "Said.")
    with locked(pk) as held:
        items.remove_items(held, owner, [made[3].pk])
    undoing.undo(events_of(reading_list)[0], owner)
    with locked(pk) as held:
        items.sort_items(held, owner, {item.pk: -number for number, item in enumerate(made)})
    undoing.restore(ReadingList.objects.get(pk=pk), owner, 3)
    freeze(ReadingList.objects.get(pk=pk), owner)
    first, second, fourth = (f"“Title of https://example.org/{each}”" for each in "abd")
    assert sentences(reading_list)[::-1] == [
        "made the list",
        "added the section “Marsupials”",
        "added 4 things",
        f"moved {first} from 1 to 3 in the beginning of the list",
        f"moved {second} from the beginning of the list to “Marsupials”, to place 1",
        "changed the section “Marsupials”",
        "changed the list’s title and description",
        "opened the list to its members",
        f"wrote a note on {first} for everybody",
        f"removed {fourth}",
        f"undid version 10, a change of {fourth}",
        "sorted the list",
        "brought the list back to version 3",
        "froze the list as revision 1",
    ]
    page = unescape(signed_in(owner).get(address(reading_list)).content.decode())
    assert "<del>hop</del><ins>jump</ins>" in page
    assert "<del>Animals</del><ins>Beasts</ins>" in page


def test_it_is_read_page_by_page_in_as_many_queries_however_much_changed(reading_list):
    client = signed_in(reading_list.owner)
    made = put_on(reading_list, PaperFactory(), "https://example.org/a")

    def change(times: int) -> None:
        for number in range(times):
            with locked(reading_list.pk) as held:
                items.move_item(held, held.owner, made[number % 2].pk, None, 1)
                say(made[0], held.owner, f"Note {number}")

    change(2)
    with CaptureQueriesContext(connection) as few:
        client.get(address(reading_list))
    change(30)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address(reading_list)).content.decode()
    assert len(many) == len(few) <= 17
    reading_list.refresh_from_db()
    seen, below = [], None
    while True:
        page = client.get(
            address(reading_list), {"before": below} if below else {}
        ).content.decode()
        seen += [int(each) for each in re.findall(r'<li id="v(\d+)"', page)]
        older = re.search(r'href="\?before=(\d+)"', page)
        if not older:
            break
        below = older[1]
    assert seen == list(range(reading_list.version, 0, -1))
    assert client.get(address(reading_list), {"before": "x"}).status_code == 404


def test_it_is_for_members_alone(reading_list):
    put_on(reading_list, "https://example.org/a")
    viewer = join(reading_list, "viewer")
    faces = [address(reading_list), address(reading_list, "version", version=1)]
    writes = [
        address(reading_list, "undo", version=2),
        address(reading_list, "restore-version", version=1),
    ]
    for face in faces:
        assert signed_in(viewer).get(face).status_code == 200
        assert signed_in(UserFactory()).get(face).status_code == 403
        assert Client().get(face).status_code == 302
        assert (
            Client().get(f"/s/{make_link(reading_list, 'view_notes')}/history/").status_code == 404
        )
    signed_in(viewer).post(writes[0])
    assert signed_in(viewer).post(writes[1]).status_code == 403
    assert signed_in(UserFactory()).post(writes[0]).status_code == 403
    assert Item.objects.filter(deleted_at=None).count() == 1
    other = make_list(reading_list.owner)
    assert signed_in(other.owner).get(address(other, "version", version=3)).status_code == 404


# --- Ways back ---------------------------------------------------------------------------------
def test_a_change_is_undone_and_refused_with_words_where_it_was_changed_since(reading_list):
    client = signed_in(reading_list.owner)
    lists.change_list(reading_list.pk, reading_list.owner, None, title="Two")
    lists.change_list(reading_list.pk, reading_list.owner, None, title="Three")
    page = client.post(address(reading_list, "undo", version=2), follow=True).content.decode()
    assert "It has been changed since" in page
    page = client.post(address(reading_list, "undo", version=3), follow=True).content.decode()
    assert "Undone." in page
    reading_list.refresh_from_db()
    assert reading_list.title == "Two"
    assert "undone in" in page
    assert page.count("Undo version 3") == 0


@pytest.mark.parametrize("fields", [{"visibility": "members"}, {"is_trashed": True}])
def test_what_its_owner_alone_decides_no_editor_undoes(reading_list, fields):
    editor = join(reading_list, "editor")
    if "is_trashed" in fields:
        lists.trash_list(reading_list.pk, reading_list.owner)
    else:
        lists.change_list(reading_list.pk, reading_list.owner, None, **fields)
    event = events_of(reading_list)[0]
    with pytest.raises(Refused, match="not yours"):
        undoing.undo(event, editor)
    assert undoing.undo(event, reading_list.owner)


def test_no_undo_makes_a_private_note_anybody_elses(reading_list):
    author, editor = join(reading_list, "viewer"), join(reading_list, "editor")
    item = put_on(reading_list, "https://example.org/a")[0]
    note = say(item, author, "Said once.")
    with locked(reading_list.pk) as held:
        notes.remove_note(held, editor, note)
        removed = held.events.latest("version")
        note.refresh_from_db()
        note = notes.change_note(held, author, note, audience="private", markdown="A secret.")
        for event in held.events.filter(verb__in=["noted", "removed", "made private"]):
            for actor in (editor, held.owner):
                with pytest.raises(Refused):
                    undoing.undo(event, actor)
    note.refresh_from_db()
    assert (note.markdown, note.audience) == ("A secret.", "private")
    with pytest.raises(Refused, match="changed since"):
        undoing.undo(removed, editor)


def test_a_version_stands_as_it_stood_and_is_restored(reading_list, monkeypatch):
    owner, client = reading_list.owner, signed_in(reading_list.owner)
    section = add_section(reading_list, "Marsupials")
    seen, hidden = PaperFactory(title="Of wombats"), PaperFactory(title="Of secrets")
    made = put_on(reading_list, seen, hidden, "https://example.org/a", section=section.pk)
    order = order_of(reading_list)
    version = reading_list.version
    with locked(reading_list.pk) as held:
        items.remove_items(held, owner, [made[0].pk])
        items.move_item(held, owner, made[2].pk, None)
        lists.remove_section(held, owner, section.pk)
    lists.change_list(reading_list.pk, owner, None, title="Others", visibility="unlisted")
    hidden.is_hidden = True
    hidden.save()
    page = client.get(address(reading_list, "version", version=version)).content.decode()
    assert page.index("Marsupials") < page.index("Of wombats") < page.index("example.org/a")
    assert "No longer available" in page
    assert "Of secrets" not in page
    reading_list.refresh_from_db()
    then = as_it_stood(reading_list, version, owner)
    assert (then.title, [len(each.items) for each in then.sections]) == ("Animals", [0, 3])
    monkeypatch.setattr("readinglists.history.then.PARTS_A_PAGE", 2)
    page = client.get(address(reading_list, "version", version=version), {"page": "2"}).text
    assert "Of wombats" not in page
    assert page.index("(continued)") < page.index("example.org/a")
    assert 'rel="prev" href="?page=1"' in page
    stale = client.post(
        address(reading_list, "restore-version", version=version), {"version": version}, follow=True
    )
    assert "changed while you looked" in stale.content.decode()
    typed = {"version": reading_list.version}
    client.post(address(reading_list, "restore-version", version=version), typed)
    reading_list.refresh_from_db()
    assert order_of(reading_list) == order
    assert (reading_list.title, reading_list.visibility) == ("Animals", "unlisted")


# --- What is told to whom ----------------------------------------------------------------------
MADE = ["members", "public"]
BECAME = ["members", "public", "private", "removed", "removed by an editor", "its item removed"]
READERS = ["author", "owner", "viewer"]


CASES = dict(enumerate(product(MADE, BECAME)))


def make_past() -> tuple[ReadingList, dict]:
    """A list with a note for each case, and who reads of them."""
    reading_list = make_list(visibility="members")
    author, viewer = join(reading_list, "contributor"), join(reading_list, "viewer")
    for number, (made, became) in CASES.items():
        item = put_on(reading_list, "https://example.org/a")[0]
        note = say(item, author, f"{WORD}{number}x one", made)
        with locked(reading_list.pk) as held:
            note = notes.change_note(held, author, note, markdown=f"{WORD}{number}x two")
            if became in ("members", "public", "private"):
                notes.change_note(held, author, note, audience=became)
            elif became == "its item removed":
                items.remove_items(held, held.owner, [item.pk])
            else:
                notes.remove_note(held, author if became == "removed" else held.owner, note)
    reading_list.refresh_from_db()
    return reading_list, {"author": author, "owner": reading_list.owner, "viewer": viewer}


def leaks(reading_list, people, *, on_pages: bool = False) -> set[tuple[str, str, str]]:
    """Who reads of which note in the history what they may not, or not what they may."""
    wrong = set()
    for reader, user in people.items():
        standing = standing_of(reading_list, user)
        faces = [json.dumps(event_rows(events_of(reading_list), standing), default=str)]
        if on_pages:
            client, page = signed_in(user), address(reading_list)
            below = range(reading_list.version + 1, 1, -30)
            whole = [client.get(page, {"before": each}).content.decode() for each in below]
            faces.append("".join(whole))
        for number, (made, became) in CASES.items():
            may = reader == "author" or became in (*MADE, "its item removed")
            if any((f"{WORD}{number}x" in face) != may for face in faces):
                wrong.add((made, became, reader))
    return wrong


MUTANTS = {
    "everybody reads them": ("_may_read", lambda note, user: True),
    "private ones too": ("_may_read", lambda note, user: note.deleted_at is None),
    "those that are gone too": ("_may_read", lambda note, user: note.audience != "private"),
    "nobody but their author": ("_may_read", lambda note, user: note.author_id == user.pk),
    "whole patches": ("_readable", lambda patch, user, notes: patch),
}


def test_the_words_of_a_note_are_told_to_whoever_may_read_them_now(monkeypatch):
    past = make_past()
    assert leaks(*past, on_pages=True) == set()
    for rule, (name, mutant) in MUTANTS.items():
        with monkeypatch.context() as broken:
            broken.setattr(undoing, name, mutant)
            assert leaks(*past), rule


def test_a_private_note_leaves_nothing_in_anybodys_history(reading_list):
    viewer = join(reading_list, "viewer")
    item = put_on(reading_list, "https://example.org/a")[0]
    with locked(reading_list.pk) as held:
        note = notes.add_note(held, viewer, item, f"{WORD} one", "private", pk=uuid4())
        notes.change_note(held, viewer, note, markdown=f"{WORD} two")
    reading_list.refresh_from_db()
    assert reading_list.version == 2
    for user in (viewer, reading_list.owner):
        assert WORD not in signed_in(user).get(address(reading_list)).content.decode()
    assert Note.objects.count() == 1
