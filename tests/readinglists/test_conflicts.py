"""A form that comes too late shows both texts, keeps what was typed, and can be sent again."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory

from readinglists.conflicts import VersionedForm, save_or_conflict
from readinglists.editing import items, lists, notes
from readinglists.editing.items import Target
from readinglists.editing.writing import Refused, locked
from readinglists.models import Item, ListSection, Note, ReadingList
from tests.factories import UserFactory
from tests.readinglists.making import make_list, put_on

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


class AboutForm(VersionedForm):
    title = forms.CharField()
    description = forms.CharField(widget=forms.Textarea, required=False)
    language = forms.CharField()


def sent(form: AboutForm, **typed: str) -> AboutForm:
    """The form as a browser sends it back, with something typed into it."""
    data = QueryDict(mutable=True)
    for bound in form:
        data[bound.html_name] = str(bound.value()).replace("\n", "\r\n")
    for name, value in typed.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return AboutForm(data)


def save(form: AboutForm, reading_list: ReadingList):
    assert form.is_valid(), form.errors
    owner = reading_list.owner
    return save_or_conflict(
        form, lambda version, typed: lists.change_list(reading_list.pk, owner, version, **typed)
    )


def state(reading_list: ReadingList) -> tuple[str, str, str]:
    reading_list.refresh_from_db()
    return reading_list.title, reading_list.description, reading_list.language


@pytest.fixture
def reading_list():
    return make_list(title="One", description="First line.\nSecond line.")


def test_what_was_opened_twice_and_saved_twice_shows_the_second_both_texts(reading_list):
    first, second = AboutForm(thing=reading_list), AboutForm(thing=reading_list)
    assert save(sent(first, title="Hers"), reading_list) is None
    conflict = save(sent(second, title="His", description="Other words."), reading_list)
    assert state(reading_list) == ("Hers", "First line.\nSecond line.", "en")
    page = conflict.page(RequestFactory().post("/x/"), back="/")
    text = unescape(page.content.decode())
    assert page.status_code == 409
    for shown in ("Hers", "His", "Other words.", "<del>Hers</del><ins>His</ins>"):
        assert shown in text
    assert str(reading_list.owner) in text
    # Sent again as it is shown, it is based on what stands.
    data = conflict.form.data.copy()
    assert save(AboutForm(data), reading_list) is None
    assert state(reading_list) == ("His", "Other words.", "en")


def test_theirs_are_taken_where_two_changed_the_same_and_the_rest_is_kept(reading_list):
    first, second = AboutForm(thing=reading_list), AboutForm(thing=reading_list)
    save(sent(first, title="Hers", language="fr"), reading_list)
    conflict = save(sent(second, title="His", description="Mine."), reading_list)
    assert [side.name for side in conflict.sides] == ["title"]
    assert [side.name for side in conflict.taken_over] == ["language"]
    page = conflict.page(RequestFactory().post("/x/"), back="/").content.decode()
    data = conflict.form.data.copy()
    data["keep"] = "theirs"
    data.setlist("conflicting", re.findall(r'name="conflicting" value="(\w+)"', page))
    assert save(AboutForm(data), reading_list) is None
    assert state(reading_list) == ("Hers", "Mine.", "fr")


def test_what_changed_elsewhere_on_the_list_stops_nobody(reading_list):
    form = AboutForm(thing=reading_list)
    put_on(reading_list, "https://example.org/")
    assert save(sent(form, title="Two"), reading_list) is None
    assert state(reading_list)[0] == "Two"


def test_a_form_that_does_not_say_what_it_is_based_on_overwrites_nothing(reading_list):
    typed = {"title": "Two", "description": "", "language": "en"}
    data = QueryDict(mutable=True)
    data.update(typed)
    conflict = save(AboutForm(data), reading_list)
    assert [side.name for side in conflict.sides] == ["title", "description"]
    data["version"] = str(reading_list.version)
    assert save(AboutForm(data), reading_list) is None
    assert state(reading_list) == ("Two", "", "en")


def test_line_ends_of_browsers_change_nothing(reading_list):
    form = sent(AboutForm(thing=reading_list))
    assert form.is_valid()
    assert form.changes() == {}


def test_what_is_made_twice_by_one_form_is_made_once(reading_list):
    pk, owner = uuid4(), reading_list.owner
    assert len({lists.make_list(owner, "New", pk=pk).pk for _ in range(2)}) == 1
    sections = [lists.add_section(reading_list.pk, owner, "S", section=pk) for _ in range(2)]
    targets = [Target(url=f"https://example.org/{number}") for number in range(3)]
    with locked(reading_list.pk) as held:
        made = [items.add_items(held, owner, targets, pk=pk) for _ in range(2)]
        item = Item.objects.get(pk=pk)
        for audience in ("public", "private"):
            said = uuid4()
            for _ in range(2):
                notes.add_note(held, owner, item, "Said.", audience, pk=said)
    assert made[0] == made[1]
    assert made[0][0] == pk
    assert ListSection.objects.get(reading_list=reading_list) == sections[0]
    assert (Item.objects.count(), Note.objects.count()) == (3, 2)
    assert held.version == 4


def test_the_number_of_what_is_anothers_is_not_taken(reading_list):
    with pytest.raises(Refused, match="anew"):
        lists.make_list(UserFactory(), "Mine", pk=reading_list.pk)
    assert state(reading_list)[0] == "One"
