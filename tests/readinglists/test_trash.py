"""What is thrown away can be brought back for thirty days, and is gone after."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from readinglists.document import document_of
from readinglists.editing import items, lists, undoing
from readinglists.editing.writing import Refused, locked
from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList
from readinglists.rights import standing_of
from readinglists.tasks import empty_trash
from readinglists.trash import KEPT_FOR
from tests.factories import PaperFactory
from tests.readinglists.making import add_section, join, make_link, make_list, order_of, put_on, say

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def path(name: str, reading_list, **part) -> str:
    return reverse(f"readinglists:{name}", kwargs={"pk": reading_list.pk, **part})


def age(days: float) -> None:
    """Let everything in the trash have lain there so long."""
    for model in (ReadingList, ListSection, Item, Note):
        thrown = model._base_manager.exclude(deleted_at=None)
        thrown.update(deleted_at=timezone.now() - timedelta(days=days))


def shown(reading_list) -> dict:
    reading_list.refresh_from_db()
    whole = document_of(reading_list, standing_of(reading_list, reading_list.owner))
    return {name: whole[name] for name in whole if name not in {"version", "updated_at"}}


def test_a_list_is_deleted_without_a_question_and_taken_back_right_after():
    made = make_list(title="Animals", visibility="public")
    say(put_on(made, PaperFactory())[0])
    before, secret, client = shown(made), make_link(made), signed_in(made.owner)
    client.post(path("delete", made), {"version": made.version - 1})
    assert not ReadingList.objects.get().deleted_at, "nobody deletes what they have not seen"
    gone = client.post(path("delete", made), {"version": made.version}, follow=True)
    for address in (made.get_absolute_url(), f"/s/{secret}/"):
        assert client.get(address).status_code == 404
    assert "Animals" in client.get("/lists/trash/").content.decode()
    stranger = signed_in(join(made, "editor"))
    assert "Animals" not in stranger.get("/lists/trash/").content.decode()
    restore = re.search(r'action="([^"]*/restore/)"', gone.content.decode())[1]
    assert stranger.post(restore).status_code == 404
    for _ in range(2):
        assert client.post(restore).status_code == 302
    assert shown(made) == before
    assert Client().get(f"/s/{secret}/").status_code == 200


def test_items_and_sections_come_back_to_where_they_stood():
    made = make_list()
    first = put_on(made, "https://example.org/1")[0]
    section = add_section(made, "A", prose="Text.")
    second, third = put_on(
        made, "https://example.org/2", "https://example.org/3", section=section.pk
    )
    say(second)
    before, client = shown(made), signed_in(made.owner)
    with locked(made.pk) as held:
        items.remove_items(held, made.owner, [first.pk, second.pk])
    with locked(made.pk) as held:
        lists.remove_section(held, made.owner, section.pk)
    page = client.get(path("list-trash", made)).content.decode()
    assert page.count("gone for good") == 3
    for _ in range(2):
        client.post(path("restore-section", made, section=section.pk))
        client.post(path("restore-item", made, item=second.pk))
        client.post(path("restore-item", made, item=first.pk))
    assert shown(made) == before
    verbs = list(made.events.order_by("version").values_list("verb", flat=True))
    assert verbs[-3:] == ["undone", "brought back", "brought back"], "each once"

    # What stood in a section and was moved meanwhile stays where it was moved to.
    with locked(made.pk) as held:
        lists.remove_section(held, made.owner, section.pk)
    other = add_section(made, "B")
    with locked(made.pk) as held:
        items.move_item(held, made.owner, third.pk, other.pk)
    client.post(path("restore-section", made, section=section.pk))
    third.refresh_from_db()
    assert third.section_id == other.pk
    assert ListSection.objects.get(pk=section.pk).deleted_at is None


def test_after_thirty_days_it_is_gone_and_what_stands_stays():
    kept, thrown = make_list(title="Kept"), make_list(title="Thrown")
    section = add_section(kept, "A")
    one, two, three = put_on(kept, *(f"https://example.org/{n}" for n in (1, 2, 3)))
    say(one), say(two), put_on(thrown, PaperFactory())
    with locked(kept.pk) as held:
        items.remove_items(held, kept.owner, [one.pk])
        lists.remove_section(held, kept.owner, section.pk)
    lists.trash_list(thrown.pk, thrown.owner)
    age(KEPT_FOR.days - 1)
    assert empty_trash.func() == 0
    age(KEPT_FOR.days + 1)
    client = signed_in(kept.owner)
    assert "gone for good" not in client.get(path("list-trash", kept)).content.decode()
    empty_trash.func()
    assert [each.title for each in ReadingList.objects.all()] == ["Kept"]
    assert order_of(kept) == [two.pk, three.pk]
    assert Item.objects.count() == 2
    assert Note.objects.get().item_id == two.pk
    assert not ListSection.objects.exists()
    assert empty_trash.func() == 0


def test_history_that_speaks_of_what_is_gone_for_good_can_still_be_undone_or_says_why_not():
    made = make_list()
    section = add_section(made, "A")
    item, noted = put_on(made, "https://example.org/1", "https://example.org/2", section=section.pk)
    note = say(noted, made.owner)
    with locked(made.pk) as held:
        from readinglists.editing import notes

        notes.remove_note(held, made.owner, note)
    with locked(made.pk) as held:
        items.move_item(held, made.owner, item.pk, None)
        items.remove_items(held, made.owner, [noted.pk])
        lists.remove_section(held, made.owner, section.pk)
    age(31)
    empty_trash.func()
    of = ListEvent.objects.filter(reading_list=made)
    undoing.undo(of.get(verb="moved"), made.owner)
    item.refresh_from_db()
    assert item.section_id is None, "its section is gone"
    with pytest.raises(Refused, match="deleted for good"):
        undoing.undo(of.get(verb="removed", subject_kind="note"), made.owner)
    undoing.undo(of.get(verb="removed", subject_kind="section"), made.owner)
    assert ListSection.objects.get().title == "A", "from what the history keeps"


def test_what_is_brought_back_while_the_trash_is_emptied_stays(monkeypatch):
    """The task looks once more under the lock."""
    from readinglists import trash

    made = make_list()
    lists.trash_list(made.pk, made.owner)
    age(31)
    delete = trash._delete_list

    def after_it_came_back(pk, before):
        trash.bring_list_back(pk, made.owner)
        return delete(pk, before)

    monkeypatch.setattr(trash, "_delete_list", after_it_came_back)
    assert empty_trash.func() == 0
    assert ReadingList.objects.get().deleted_at is None


def test_a_list_that_goes_for_good_meanwhile_does_not_end_the_night(monkeypatch):
    from readinglists import trash

    lists_of_two = [make_list(title=title) for title in ("Goes", "Stays")]
    for made in lists_of_two:
        [item] = put_on(made, "https://example.org/1")
        with locked(made.pk) as held:
            items.remove_items(held, made.owner, [item.pk])
    age(31)
    delete, first = trash._delete_parts, []

    def after_it_went(pk, before):
        if not first:
            first.append(pk)
            ReadingList.objects.get(pk=pk).delete()
        return delete(pk, before)

    monkeypatch.setattr(trash, "_delete_parts", after_it_went)
    assert empty_trash.func() == 1
    assert not Item.objects.exists()


def test_what_is_removed_twice_is_removed_once():
    made = make_list()
    [item] = put_on(made, "https://example.org/1")
    client = signed_in(made.owner)
    for _ in range(2):
        assert client.post(path("remove-item", made, item=item.pk)).status_code == 302
    assert made.events.filter(verb="removed").count() == 1
