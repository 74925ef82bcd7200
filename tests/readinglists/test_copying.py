"""Copies of lists: what comes along, whose words it is, and where it says it is from."""

import uuid

import pytest
from django.test import Client

from readinglists.access import Access
from readinglists.copying import Origin, copy_list
from readinglists.document import document_of
from readinglists.editing.undoing import undo
from readinglists.models import Item, ListSection, Note, ReadingList
from readinglists.reading.on_list import own_view
from readinglists.revisions import freeze
from readinglists.rights import standing_of
from readinglists.sharing.links import link_of
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.making import add_section, join, make_link, make_list, put_on, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def original():
    made = make_list(
        title="Original", visibility="public", description="About.", notes_licence="CC BY 4.0"
    )
    section = add_section(made, "A section", prose="Some *prose*.")
    [paper, _] = put_on(made, PaperFactory(), "https://example.org/", section=section.pk)
    put_on(made, PaperFactory(title="In front"))
    put_on(made, "https://example.org/proposed", is_proposed=True)
    put_on(made, PaperFactory(title="Hidden since", is_hidden=True))
    for audience in ("private", "members", "public"):
        say(paper, text=f"said {audience}", audience=audience)
    made.refresh_from_db()
    return made


def words(reading_list, user) -> dict:
    document = document_of(reading_list, standing_of(reading_list, user))
    everything = [*document["items"], *(i for s in document["sections"] for i in s["items"])]
    return {
        "sections": [(each["title"], each["prose"]) for each in document["sections"]],
        "things": [each.get("paper", each.get("url")) for each in everything],
        "notes": [
            (note["author"], note.get("brought_in_by"), note["audience"], note["markdown"])
            for each in everything
            for note in each["notes"]
        ],
    }


def test_a_copy_holds_what_its_maker_could_read_in_the_same_order_with_credit(original):
    reader = UserFactory()
    copy = copy_list(original, standing_of(original, reader))
    now, then = words(copy, reader), words(original, reader)

    assert now["sections"] == then["sections"]
    assert now["things"] == [thing for thing in then["things"] if thing is not None]
    author = str(original.owner)
    assert now["notes"] == [(author, str(reader), "public", "said public")]
    assert (copy.visibility, copy.owner) == ("private", reader)
    assert (copy.forked_from, copy.forked_from_version) == (original, original.version)
    assert copy.description == original.description
    assert copy.description_html
    # What each part was copied from, to take over what changes there later.
    pairs = [(Item, {"reading_list": copy}), (ListSection, {"reading_list": copy})]
    pairs.append((Note, {"item__reading_list": copy}))
    for model, own in pairs:
        origins = set(model.objects.filter(**own).values_list("copied_from", flat=True))
        theirs = dict.fromkeys(own, original)
        assert origins <= set(model.objects.filter(**theirs).values_list("pk", flat=True))
        assert None not in origins

    # One event holds it all, and its undo leaves an empty list.
    [event] = copy.events.filter(verb="copied")
    assert "said public" not in str(event.after)
    undo(event, reader)
    assert words(copy, reader)["things"] == []


def test_notes_without_a_licence_come_for_the_copier_alone_and_own_ones_stay_own(original):
    ReadingList.objects.filter(pk=original.pk).update(notes_licence=None)
    member = join(original, "viewer")
    item = original.items.filter(url="https://example.org/").get()
    say(item, member, "mine", "members")
    original.refresh_from_db()
    copy = copy_list(original, standing_of(original, member))

    assert sorted(words(copy, member)["notes"]) == [
        (str(original.owner), str(member), "private", "said public"),
        (str(member), None, "members", "mine"),
    ]


def test_by_a_link_that_shows_no_notes_none_come_along(original):
    link = link_of(make_link(original, "view"))
    copy = copy_list(original, standing_of(original, UserFactory(), link))
    assert not Note.objects.filter(item__reading_list=copy).exists()


def origin_of(copy: ReadingList, user) -> Origin | None:
    return own_view(Access(copy, standing_of(copy, user))).copied_from


@pytest.mark.parametrize("visibility", ["private", "members", "unlisted", "public"])
def test_credit_tells_of_the_original_only_those_for_whom_it_is_listed(original, visibility):
    copier, other = UserFactory(), UserFactory()
    freeze(original, original.owner)
    original.refresh_from_db()
    copy = copy_list(original, standing_of(original, copier))
    ReadingList.objects.filter(pk=original.pk).update(visibility=visibility)

    told = origin_of(copy, other)
    assert (told is not None) == (visibility == "public")
    own = origin_of(copy, original.owner)
    assert own is not None
    assert (own.title, own.owner) == ("Original", str(original.owner))
    assert (own.version, own.revision) == (copy.forked_from_version, 1)
    assert Client().get(own.revision_address).status_code == (
        200 if visibility in ("public", "unlisted") else 404
    )


def test_the_form_makes_one_copy_however_often_it_is_sent(original):
    client, place = Client(), f"/lists/{original.pk}/copy/"
    reader = UserFactory()
    assert Client().get(place).status_code == 200
    assert Client().post(place, {"title": "Mine"}).status_code == 403
    client.force_login(reader)
    sent = {"title": "Mine", "request_id": str(uuid.uuid4())}
    first, second = client.post(place, sent), client.post(place, sent)

    [copy] = ReadingList.objects.filter(owner=reader)
    assert first.url == second.url == copy.get_absolute_url()
    assert copy.title == "Mine"
    assert copy.items.filter(deleted_at=None).count() == 3
    assert client.post(place, {"title": " "}).status_code == 400
    original.visibility = "private"
    original.save()
    assert client.post(place, {"title": "Mine"}).status_code == 404
