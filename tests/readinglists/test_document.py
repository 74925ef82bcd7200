"""A list as one document: what is told of its items, and to whom."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readinglists.document import assembled, document_of, head_of, parts_in
from readinglists.models import ShareLink
from readinglists.rights import standing_of
from readinglists.sharing.links import link_of
from tests.factories import EntryFactory, PaperFactory, PrizeFactory, UserFactory
from tests.readinglists.making import add_section, join, make_link, make_list, put_on, say

pytestmark = pytest.mark.django_db


def hide(thing) -> None:
    thing.is_hidden = True
    thing.save()


@pytest.mark.parametrize(
    ("make", "words", "hidden"),
    [
        (lambda: PaperFactory(title="Seen once", citation_key="seen2022once"), "once", hide),
        (lambda: EntryFactory(headline="Seen once"), "once", lambda entry: hide(entry.issue)),
        (lambda: PrizeFactory(name="Seen once", slug="seen-once"), "once", hide),
    ],
    ids=["paper", "entry", "prize"],
)
def test_what_somebody_may_not_see_is_not_available_and_has_no_name(make, words, hidden):
    thing = make()
    reading_list = make_list(visibility="public")
    [item] = put_on(reading_list, thing)
    say(item, text="Worth reading.")
    item.title = "My own words for what was seen once"
    item.save()
    reader, staff = UserFactory(), UserFactory(is_staff=True)
    assert words in json.dumps(document_of(reading_list, standing_of(reading_list, reader)))

    hidden(thing)

    [shown] = document_of(reading_list, standing_of(reading_list, reader))["items"]
    assert [value for key, value in shown.items() if key not in ("id", "notes")] == [None]
    assert words not in json.dumps(shown)
    assert shown["notes"][0]["markdown"] == "Worth reading."
    assert words in json.dumps(document_of(reading_list, standing_of(reading_list, staff)))


def test_a_document_holds_the_notes_that_each_way_to_the_list_shows():
    reading_list = make_list(visibility="unlisted")
    [item] = put_on(reading_list, "https://example.org/")
    viewer = join(reading_list, "viewer")
    for audience in ("private", "members", "public"):
        say(item, text=f"owner {audience}", audience=audience)
    put_on(reading_list, "https://example.org/proposed", is_proposed=True)

    def told(user, link=None):
        document = document_of(reading_list, standing_of(reading_list, user, link))
        notes = [note["markdown"] for note in document["items"][0]["notes"]]
        return notes, len(document["items"])

    owner_notes = [f"owner {audience}" for audience in ("private", "members", "public")]
    assert told(reading_list.owner) == (owner_notes, 2)
    assert told(viewer) == (owner_notes[1:], 2)
    assert told(AnonymousUser()) == (owner_notes[2:], 1)
    allowed = ShareLink.Allows
    for allows, notes in ((allowed.VIEW, []), (allowed.VIEW_NOTES, owner_notes[2:])):
        link = link_of(make_link(reading_list, allows))
        assert told(AnonymousUser(), link) == (notes, 1)


def test_words_brought_in_are_told_with_their_author_and_who_brought_them():
    reading_list = make_list()
    [item] = put_on(reading_list, "https://example.org/")
    note = say(item, text="Whose?")
    note.credit = "Ada"
    note.save()

    [shown] = document_of(reading_list, standing_of(reading_list, reading_list.owner))["items"]

    assert shown["notes"][0]["author"] == "Ada"
    assert shown["notes"][0]["brought_in_by"] == str(reading_list.owner)


def test_a_document_costs_the_same_whatever_the_list_holds_and_leads_back_to_its_parts():
    reading_list = make_list()

    def fill():
        section = add_section(reading_list)
        put_on(reading_list, PaperFactory(), EntryFactory(), PrizeFactory())
        put_on(reading_list, PaperFactory(), "https://example.org/", section=section.pk)

    def read():
        with CaptureQueriesContext(connection) as queries:
            document = document_of(reading_list, standing_of(reading_list, reading_list.owner))
        return document, len(queries)

    fill()
    _, cost = read()
    for _ in range(3):
        fill()
    document, cost_of_more = read()
    assert cost_of_more == cost
    assert assembled(head_of(reading_list), parts_in(document)) == document
