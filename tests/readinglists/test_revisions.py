"""Frozen revisions: bytes that stay, read by whoever may see the list and what stands on it."""

import json
from hashlib import sha256

import pytest
from django.test import Client

from papers.merging.acts import merge
from readinglists import revisions
from readinglists.editing import lists
from readinglists.editing.undoing import undo
from readinglists.editing.writing import Refused, Stale
from readinglists.models import Revision
from readinglists.revisions import freeze
from tests.factories import EntryFactory, IdentifierFactory, PaperFactory, PrizeFactory, UserFactory
from tests.readinglists.making import add_section, join, make_link, make_list, put_on, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading_list():
    made = make_list(title="To cite", visibility="unlisted", description="All *about* it.")
    section = add_section(made, "A section", prose="Some prose.")
    paper = PaperFactory(title="A paper to merge", citation_key="doe2022paper")
    IdentifierFactory(paper=paper)
    [item, *_] = put_on(made, paper, EntryFactory(), PrizeFactory(), section=section.pk)
    put_on(made, "https://example.org/proposed", is_proposed=True)
    for audience in ("private", "members", "public"):
        say(item, text=f"said {audience}", audience=audience)
    made.refresh_from_db()
    return made


def served(reading_list, number=1) -> bytes:
    return Client().get(f"/lists/{reading_list.pk}/revisions/{number}.json").content


def test_a_revision_holds_what_a_stranger_reads(reading_list):
    revision = freeze(reading_list, reading_list.owner)
    text = served(reading_list).decode()

    assert "said public" in text
    assert "said members" not in text
    assert "said private" not in text
    assert "proposed" not in text
    assert revision.version == reading_list.version


def test_what_is_written_while_it_is_read_is_in_it_or_refuses_it(reading_list, monkeypatch):
    read = revisions.document_of

    def written_meanwhile(*args):
        document = read(*args)
        monkeypatch.undo()
        say(reading_list.items.first(), text="said meanwhile", audience="public")
        lists.change_list(reading_list.pk, reading_list.owner, None, title="Meanwhile")
        return document

    monkeypatch.setattr(revisions, "document_of", written_meanwhile)
    with pytest.raises(Stale):
        freeze(reading_list, reading_list.owner, based_on=reading_list.version)
    reading_list.refresh_from_db()
    monkeypatch.setattr(revisions, "document_of", written_meanwhile)
    freeze(reading_list, reading_list.owner)
    assert json.loads(served(reading_list))["title"] == "Meanwhile"
    assert served(reading_list).count(b"said meanwhile") == 2


def test_its_bytes_and_hash_stay_the_same_whatever_happens_to_the_list(reading_list):
    revision = freeze(reading_list, reading_list.owner)
    before = served(reading_list)
    paper = reading_list.items.exclude(paper=None).get().paper

    for number in range(20):
        lists.change_list(reading_list.pk, reading_list.owner, None, title=f"Title {number}")
    merge(paper, PaperFactory(title="Its other record"), by=UserFactory(is_staff=True))
    paper.refresh_from_db()
    paper.title = "x"
    paper.save()
    lists.trash_list(reading_list.pk, reading_list.owner)
    assert Client().get(f"/lists/{reading_list.pk}/revisions/1.json").status_code == 404
    lists.untrash_list(reading_list.pk, reading_list.owner)
    revision.refresh_from_db()

    assert served(reading_list) == before
    assert sha256(before).hexdigest() == revision.sha256
    page = Client().get(f"/lists/{reading_list.pk}/revisions/1/").content.decode()
    assert revision.sha256 in page
    assert "A paper to merge" in page
    # Canonical: whoever has the content can make the bytes again.
    again = json.dumps(
        json.loads(before), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert again.encode() == before


def test_freezing_twice_what_did_not_change_makes_one_revision(reading_list):
    first = freeze(reading_list, reading_list.owner)
    assert freeze(reading_list, reading_list.owner) == first
    lists.change_list(reading_list.pk, reading_list.owner, None, title="Another")
    assert freeze(reading_list, reading_list.owner).number == 2
    with pytest.raises(Stale):
        freeze(reading_list, reading_list.owner, based_on=1)
    event = reading_list.events.get(verb="frozen 1")
    with pytest.raises(Refused):
        undo(event, reading_list.owner)


def test_who_may_edit_freezes_by_form_and_nobody_else(reading_list):
    place = f"/lists/{reading_list.pk}/revisions/"
    answers = {}
    for role in ("editor", "contributor", "viewer"):
        client = Client()
        client.force_login(join(reading_list, role))
        answers[role] = client.post(place, {"version": reading_list.version}).status_code
    assert answers == {"editor": 302, "contributor": 403, "viewer": 403}
    assert Client().post(place).status_code in (302, 403)
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("path", ["", "1/", "1.json", "1/cite.bibtex"])
def test_each_face_is_there_for_whoever_sees_the_list_now(reading_list, path):
    freeze(reading_list, reading_list.owner)
    secret = make_link(reading_list, "view_notes")
    addresses = [f"/lists/{reading_list.pk}/revisions/{path}", f"/s/{secret}/revisions/{path}"]
    own, shared = (Client().get(address) for address in addresses)
    assert own.status_code == shared.status_code == 200
    # What is read by a link names no address that outlives it.
    assert str(reading_list.pk) not in shared.content.decode()

    lists.change_list(reading_list.pk, reading_list.owner, None, visibility="private")
    assert Client().get(addresses[0]).status_code == 404
    missing = Client().get(f"/lists/{reading_list.pk}/revisions/{path.replace('1', '7')}")
    assert missing.status_code == 404


def test_a_link_without_notes_shows_none_and_gives_no_bytes(reading_list):
    freeze(reading_list, reading_list.owner)
    place = f"/s/{make_link(reading_list, 'view')}/revisions/"
    assert "said public" not in Client().get(f"{place}1/").content.decode()
    assert Client().get(f"{place}1.json").status_code == 404


@pytest.mark.parametrize("kind", ["paper", "entry", "prize"])
def test_what_maintainers_hid_since_is_shown_no_more_and_the_bytes_are_kept_back(
    reading_list, kind
):
    revision = freeze(reading_list, reading_list.owner)
    item = reading_list.items.exclude(**{kind: None}).get()
    thing = getattr(item, kind)
    name = {"paper": "title", "entry": "headline", "prize": "name"}[kind]
    words = getattr(thing, name)
    hidden = thing.issue if kind == "entry" else thing
    page = f"/lists/{reading_list.pk}/revisions/1/"
    assert words in Client().get(page).content.decode()

    hidden.is_hidden = True
    hidden.save()

    assert words not in Client().get(page).content.decode()
    assert Client().get(f"/lists/{reading_list.pk}/revisions/1.json").status_code == 404
    staff = Client()
    staff.force_login(UserFactory(is_staff=True))
    answer = staff.get(f"/lists/{reading_list.pk}/revisions/1.json")
    assert sha256(answer.content).hexdigest() == revision.sha256


def test_a_revision_is_cited_by_its_owner_then_title_number_and_day(reading_list):
    revision = freeze(reading_list, reading_list.owner)
    lists.change_list(reading_list.pk, reading_list.owner, None, title="Renamed")
    text = Client().get(f"/lists/{reading_list.pk}/revisions/1/cite.bibtex").content.decode()

    assert "To cite (revision 1)" in text
    assert str(reading_list.owner) in text
    assert f"year = {{{revision.created_at.year}}}" in text
