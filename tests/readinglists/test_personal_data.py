"""What lists hold on a person is told to them, and goes with their account as they choose."""

import json

import pytest
from django.apps import apps

from accounts.deletion import delete_account
from accounts.forms import DeletionForm
from accounts.models import User
from accounts.personal_data import collect
from api.models import Change
from readinglists.following.changing import follow
from readinglists.models import (
    Following,
    Item,
    ListEvent,
    Note,
    ReadingList,
    ReadingPace,
    ReadingState,
)
from readinglists.reading.states import set_state
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.making import add_section, join, make_link, make_list, put_on, say

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


class Person:
    """With lists of each kind, notes on somebody's list, states and followings."""

    def __init__(self) -> None:
        self.user = UserFactory(username="ada")
        self.private = make_list(self.user, "My private list")
        add_section(self.private, "My section", prose="My prose")
        self.public = make_list(self.user, "My public list", visibility="public")
        put_on(self.public, PaperFactory())
        self.shared = make_list(self.user, "Our list", visibility="members")
        join(self.shared, "editor")
        make_link(self.public)
        other = make_list(UserFactory(username="bob"), "Another's list", visibility="public")
        join(other, "viewer", self.user)
        (self.item,) = put_on(other, PaperFactory())
        for audience in ("private", "members", "public"):
            say(self.item, self.user, f"Ada's words for {audience}", audience)
        say(self.item, None, "Bob's words")
        follow(other, self.user)
        Following.objects.get().make_feed()
        set_state(self.user, self.item.paper, "read")
        ReadingPace.objects.create(user=self.user)


@pytest.fixture
def ada() -> Person:
    return Person()


def test_each_table_that_knows_people_is_told_of(ada):
    told = collect(ada.user)
    words = json.dumps(told, default=str)
    for name in (
        *("reading_lists", "list_sections", "list_items", "list_memberships", "list_changes"),
        *("notes", "share_links", "followed_lists", "reading_states", "reading_pace"),
    ):
        assert told[name], name
    for said in ("My prose", "My private list", "Ada's words for private"):
        assert said in words
    assert "Bob's words" not in words
    assert Following.objects.get().feed_digest not in words


@pytest.mark.parametrize(("with_texts", "left"), [(False, 2), (True, 0)])
def test_texts_stay_or_go_as_their_author_chose(ada, with_texts, left):
    delete_account(ada.user, with_texts=with_texts)
    for model in (ReadingState, ReadingPace, Following):
        assert not model.objects.exists()
    assert Note.objects.filter(author=ada.user).count() == left
    titles = set(ReadingList.objects.values_list("title", flat=True))
    assert titles == {"Our list", "Another's list"} | (set() if with_texts else {"My public list"})
    assert Note.objects.get(author__username="bob").markdown == "Bob's words"
    kept = json.dumps(list(ListEvent.objects.values("before", "after")), default=str)
    assert ("Ada's words for public" in kept) is not with_texts
    assert "Ada's words for private" not in kept
    assert Item.objects.filter(pk=ada.item.pk).exists()
    gone = Change.objects.filter(kind="list", verb="deleted").values_list("key", flat=True)
    assert (str(ada.public.pk) in gone) is with_texts


def test_nobody_is_named_by_what_stays(ada):
    delete_account(ada.user)
    stub = User.objects.get(pk=ada.user.pk)
    named = []
    for model in apps.get_app_config("readinglists").get_models():
        for field in model._meta.concrete_fields:
            if field.get_internal_type() in ("CharField", "TextField"):
                named += model._base_manager.filter(**{f"{field.name}__icontains": "ada"})
    assert [row for row in named if not isinstance(row, Note)] == []
    assert str(stub) == "a former member"


def test_the_choice_is_made_where_the_account_is_deleted():
    user = UserFactory(username="ada")
    made = make_list(user, visibility="public")
    assert DeletionForm({"username": "ada", "texts": "burn"}, user=user).errors
    form = DeletionForm({"username": "ada", "texts": "remove"}, user=user)
    assert form.is_valid()
    delete_account(user, with_texts=form.cleaned_data["texts"] == "remove")
    assert not ReadingList.objects.filter(pk=made.pk).exists()
