"""The API's page in a real browser, under the site's own policy."""

import pytest
from playwright.sync_api import expect

from tests.factories import TopicFactory

pytestmark = pytest.mark.one_database


def test_the_docs_show_every_collection_and_try_one(live_server, page):
    topic = TopicFactory(slug="robustness")
    page.goto("/api/v1/docs/")

    expect(page.locator("#operations-papers-papers_list")).to_be_visible()
    page.locator("#operations-topics-topics_list .opblock-summary").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table").first).to_contain_text(topic.slug)
