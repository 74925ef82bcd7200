"""Looking for something, keeping the search, following it: with scripts and without."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from search.models import SavedSearch
from tests import factories

pytestmark = pytest.mark.one_database

with_and_without_scripts = pytest.mark.parametrize(
    "scripts", [True, False], ids=["with scripts", "without scripts"]
)


@pytest.fixture
def quokkas(transactional_db) -> None:
    topics = [factories.TopicFactory(slug=slug) for slug in ("robustness", "monitoring")]
    for number in range(6):
        factories.PaperFactory(
            title=f"Quokkas, part {number}", topics=[topics[number % 2]], published_year=2022
        )
    factories.EntryFactory(headline="Of quokkas", topic=topics[0], html="<p>A quokka.</p>")


@with_and_without_scripts
def test_a_search_is_narrowed_kept_and_followed(quokkas, open_page, scripts):
    user = factories.UserFactory()
    page = open_page(
        user=user, java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
    )
    page.goto("/topics/")
    if scripts:
        page.keyboard.press("/")
        page.keyboard.type("quokka")
        page.keyboard.press("Enter")
    else:
        page.get_by_role("searchbox", name="Search").fill("quokka")
        page.keyboard.press("Enter")
    expect(page.locator(".results-count")).to_have_text("7 results")
    expect(page.locator(".hits mark").first).to_be_visible()

    narrowed = page.locator(".facets a", has_text="Monitoring")
    narrowed.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".results-count")).to_have_text("3 results")
    expect(page).to_have_url(re.compile("topic=monitoring"))
    page.go_back()
    expect(page.locator(".results-count")).to_have_text("7 results")
    page.go_forward()

    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("Name").fill("My quokkas")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="My quokkas", exact=True)).to_be_visible()
    saved = SavedSearch.objects.get()
    assert saved.query == "q=quokka&topic=monitoring"

    page.get_by_role("link", name="Change My quokkas").click()
    page.get_by_role("button", name="Make a feed").click()
    address = page.locator(".token-box code").inner_text()
    answer = page.request.get("/" + address.split("/", 3)[3])
    assert answer.status == 200
    assert answer.text().count("<entry>") == 3

    page.get_by_role("button", name="Delete this search").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="My quokkas", exact=True)).to_be_visible()
    problems = Axe().run(page) if scripts else None
    assert problems is None or problems.violations_count == 0, problems.generate_report()


def test_typing_shows_results_in_place_and_keeps_the_address_in_step(quokkas, page):
    page.goto("/search/")
    page.keyboard.press("/")
    page.keyboard.type("quokkas part")
    expect(page.locator(".results-count")).to_have_text("6 results")
    expect(page).to_have_url(re.compile("q=quokkas"))
    problems = Axe().run(page)
    assert problems.violations_count == 0, problems.generate_report()
