"""Synthetic load: the same rows for the same numbers, fit for every page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from config.demo import Demo
from newsletter.models import Entry, Issue, Link
from papers.models import Author, Authorship, Identifier, Paper, Topic
from prizes.models import Announcement, Deadline, Prize
from readinglists.editing.items import move_item
from readinglists.editing.outline import Outline
from readinglists.editing.undoing import undo
from readinglists.editing.writing import locked
from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MODELS = [
    Announcement, Note, Item, ListSection, ListEvent, ReadingList, Deadline, Prize, Link, Entry,
    Issue, Identifier, Authorship, Paper, Author, Topic, User,
]  # fmt: skip


def seed(papers: int, lists: int = 0) -> None:
    Demo(papers, lists, lambda count: None).fill()


def content() -> dict[str, list]:
    return {
        "papers": list(
            Paper.objects.order_by("citation_key").values_list(
                "citation_key", "title", "kind", "published_order", "venue", "abstract"
            )
        ),
        "authors": list(
            Authorship.objects.order_by("paper__citation_key", "position").values_list(
                "paper__citation_key", "name_as_printed"
            )
        ),
        "entries": list(
            Entry.objects.order_by("issue__slug", "position").values_list(
                "issue__slug", "headline", "kind", "topic__slug"
            )
        ),
        "prizes": list(
            Prize.objects.order_by("slug").values_list("slug", "name", "pool_amount", "kind")
        ),
        "deadlines": list(Deadline.objects.order_by("pk").values_list("pk", "latest_utc")),
        "lists": list(ReadingList.objects.order_by("slug").values_list("pk", "slug", "title")),
        "items": list(
            Item.objects.order_by("reading_list__slug", "position").values_list(
                "reading_list__slug", "paper__citation_key", "notes__markdown"
            )
        ),
    }


def test_the_same_numbers_give_the_same_rows_as_many_as_were_asked_for():
    seed(500, 2)
    first = content()
    assert (Paper.objects.count(), Issue.objects.count(), Prize.objects.count()) == (500, 3, 1)
    assert Deadline.objects.exclude(earliest_utc=None).count() == 1
    assert (ReadingList.objects.count(), Item.objects.count()) == (2, 40)
    assert not Paper.objects.filter(topics=None).exists()
    for model in MODELS:
        model._base_manager.all().delete()
    seed(500, 2)
    assert content() == first


def test_more_can_be_added_at_any_time():
    for papers in (150, 150, 250):
        seed(papers)
    assert Paper.objects.count() == Entry.objects.count() == Link.objects.count() == 550
    assert Identifier.objects.count() == 550
    assert Prize.objects.count() == 1


def test_lists_can_be_added_at_any_time():
    seed(50, 2)
    seed(0, 2)
    assert ReadingList.objects.count() == 4


def test_lists_are_as_editing_leaves_them():
    seed(40, 5)
    User.objects.update(is_active=True)
    for reading_list in ReadingList.objects.all():
        outline = Outline.of(reading_list)
        assert outline.sequence == list(outline.item_places)
        item = outline.sequence[0]
        with locked(reading_list.pk) as held:
            assert move_item(held, held.owner, item, None, len(outline.items[None]))
        undo(ListEvent.objects.filter(reading_list=reading_list).latest("version"), held.owner)
        assert Outline.of(reading_list).items == outline.items
    call_command("rebuild_search", check=True, verbosity=0)
    for reading_list in ReadingList.objects.listed_for(AnonymousUser()):
        assert Client().get(reading_list.get_absolute_url()).status_code == 200


def test_every_page_shows_it(client):
    seed(500)
    for page in (
        "/",
        "/papers/",
        "/issues/",
        "/prizes/",
        "/deadlines/",
        Issue.objects.first().get_absolute_url(),
    ):
        assert client.get(page).status_code == 200


def test_the_command_says_what_it_added(capsys):
    call_command("seed_demo", papers=20, lists=1)
    assert "Added 20 papers and 1 lists." in capsys.readouterr().out
