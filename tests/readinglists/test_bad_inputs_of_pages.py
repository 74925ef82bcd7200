"""Bad inputs 82, 84 and 87 of pages of lists: each gets an answer that helps, and soon."""

import time
import uuid

import pytest
from django.test import Client

from readinglists.editing.lists import trash_list
from readinglists.models import ListSection, ReadingList
from tests.factories import UserFactory
from tests.readinglists.making import add_section, make_list, put_on

pytestmark = pytest.mark.django_db
MEGABYTE = "x" * 1_000_000
FIELDS = {"language": "en", "visibility": "public", "description": ""}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def mine():
    return make_list(visibility="public")


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("/lists/new/", {**FIELDS, "title": MEGABYTE}),
        ("/lists/{list}/settings/", {**FIELDS, "title": MEGABYTE, "version": "1"}),
        ("/lists/{list}/sections/new/", {"title": MEGABYTE}),
        ("/lists/{list}/sections/{section}/", {"title": MEGABYTE, "version": "1"}),
        ("/lists/{list}/items/{item}/", {"title": MEGABYTE, "version": "1"}),
        ("/lists/{list}/copy/", {"title": MEGABYTE}),
        ("/lists/{list}/add/", {"what": MEGABYTE, "look": "yes"}),
        (
            "/lists/add/",
            {"list": "new", "new_title": MEGABYTE, "thing": "url:https://example.org/"},
        ),
    ],
)
def test_bad_82_a_title_of_a_megabyte_is_a_mistake_in_the_form_and_soon_said(mine, page, data):
    client = signed_in(mine.owner)
    [item] = put_on(mine, "https://example.org/")
    address = page.format(list=mine.pk, section=add_section(mine).pk, item=item.pk)
    client.get(address)
    started = time.process_time()
    answer = client.post(address, {**data, "request_id": str(uuid.uuid4())})
    assert time.process_time() - started < 1
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert ReadingList.objects.count() == 1


@pytest.mark.parametrize(
    "title", ["../", "#", "?", "%2f", "..%2f..", "a/b?c#d", "🦔", "\u202eabc", "settings", "؟"]
)
def test_bad_84_whatever_a_list_is_called_its_link_works(title):
    user = UserFactory()
    client = signed_in(user)
    made = client.post("/lists/new/", {**FIELDS, "title": title})
    if made.status_code == 400:  # nothing of it can be seen
        assert title == "\u202eabc"
        return
    page = client.get(made.headers["Location"])
    assert page.status_code == 200
    assert page.context["reading_list"].owner == user
    address = page.context["reading_list"].get_absolute_url()
    assert f'href="{address}"' in Client().get("/lists/").text


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("settings/", {**FIELDS, "title": "A title typed long and well", "version": "1"}),
        ("sections/new/", {"title": "A title typed long and well"}),
        ("sections/{section}/", {"title": "A title typed long and well", "version": "1"}),
        ("items/{item}/", {"title": "A title typed long and well", "version": "1"}),
        ("add/", {"what": "A title typed long and well", "look": "yes"}),
    ],
)
def test_bad_87_a_list_deleted_in_another_tab_gives_back_what_was_typed(mine, page, data):
    [item] = put_on(mine, "https://example.org/")
    about = {"section": add_section(mine).pk, "item": item.pk}
    client = signed_in(mine.owner)
    address = f"/lists/{mine.pk}/{page.format(**about)}"
    assert client.get(address).status_code == 200
    trash_list(mine.pk, mine.owner)
    answer = client.post(address, data)
    assert answer.status_code == 404
    assert "A title typed long and well" in answer.text


@pytest.mark.parametrize("version", ["9" * 5000, "\u0663", "-1", "x", "1e3"])
@pytest.mark.parametrize("page", ["sections/{section}/remove/", "delete/", "revisions/"])
def test_a_version_that_is_no_number_is_taken_for_an_old_one(db, client, page, version):
    """Python refuses to read 5,000 digits, and no form sends them."""
    made = make_list()
    section = add_section(made)
    client.force_login(made.owner)
    answer = client.post(
        f"/lists/{made.pk}/{page.format(section=section.pk)}", {"version": version}
    )
    assert answer.status_code < 500
    assert ListSection.objects.get(pk=section.pk).deleted_at is None
    assert ReadingList.objects.get(pk=made.pk).deleted_at is None
