"""Finished pages for anonymous readers: quick, and never older than the last change."""

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.deletion import delete_account
from config import page_cache
from newsletter.models import Issue
from tests.factories import IssueFactory, PaperFactory, UserFactory
from tests.readinglists.making import make_list, put_on, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cache_on(settings):
    settings.PAGE_CACHE_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def issue():
    return IssueFactory(title="A rare title")


def test_second_reader_gets_the_page_in_one_query(client, issue, django_assert_num_queries):
    first = client.get("/issues/")
    with django_assert_num_queries(1):
        second = Client().get("/issues/")
    assert second.content == first.content
    assert {"X-Frame-Options", "Content-Security-Policy", "ETag"} <= set(second.headers)


def test_a_hidden_issue_is_gone_from_the_next_page(client, issue):
    assert b"A rare title" in client.get("/issues/").content
    issue.is_hidden = True
    issue.save()
    assert b"A rare title" not in client.get("/issues/").content


@pytest.mark.parametrize("mutant", ["", "no version"])
def test_the_version_is_what_keeps_pages_fresh(client, issue, monkeypatch, mutant):
    """With the version taken away the page is stale, so the guard above can fail."""
    if mutant:
        monkeypatch.setattr(page_cache, "catalogue_version", lambda: "always the same")
    client.get("/issues/")
    Issue.objects.get(pk=issue.pk).delete()
    stale = b"A rare title" in client.get("/issues/").content
    assert stale is bool(mutant)


def test_a_signed_in_reader_never_gets_or_leaves_a_kept_page(client, issue, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader", "r@example.org", "x"))
    for page in ("/issues/", "/prizes/"):
        if page == "/prizes/":
            Client().get(page)  # now one is kept
        assert b"reader" in client.get(page).content
        assert b"reader" not in Client().get(page).content


def test_pages_differ_by_theme(client, issue):
    plain = client.get("/issues/").content
    client.cookies["theme"] = "dark"
    assert client.get("/issues/").content != plain


def test_unchanged_page_is_not_sent_again(client, issue):
    etag = client.get("/issues/").headers["ETag"]
    assert client.get("/issues/", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("way", ["deleted", "renamed"])
def test_nobody_is_named_on_after_they_went_by_that_name(client, way):
    ada = UserFactory(username="ada-of-old")
    noted = make_list(visibility="public")
    say(*put_on(noted, PaperFactory()), ada, "Words", "public")
    pages = [make_list(ada, visibility="public").get_absolute_url(), noted.get_absolute_url()]
    assert all("ada-of-old" in client.get(page).text for page in pages)
    if way == "deleted":
        delete_account(ada)
    else:
        ada.username = "ada-anew"
        ada.save()
    assert not any("ada-of-old" in client.get(page).text for page in pages)
