"""What people come for, with the first catalogue, by keyboard alone, with scripts and without.

A violation, a line in the console or a request to elsewhere fails each of these (browser_fixtures).
"""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from playwright.sync_api import Page, expect

from newsletter.models import Issue
from papers.models import Paper
from prizes.models import Prize
from tests.catalogue import load
from tests.factories import UserFactory

pytestmark = pytest.mark.one_database

ISSUE_5_TOLD = "2022-09-26"
MOST_TABS = 400
with_and_without_scripts = pytest.mark.parametrize(
    "scripts", [True, False], ids=["with scripts", "without scripts"]
)
# In which rectangle of the window the element in focus stands, and what shows that it is in focus.
FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  return { name: (element.getAttribute("aria-label") || element.innerText || "").trim(),
           shown: style.outlineStyle !== "none" || style.boxShadow !== "none" };
}"""
COLOURS = {"runOnly": ["color-contrast"]}


@pytest.fixture
def catalogue(transactional_db) -> None:
    with transaction.atomic():
        load()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of this name is in focus, and see that it shows."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if name in focus["name"]:
            assert focus["shown"], f"nothing shows that {name!r} is in focus"
            return
    raise AssertionError(f"Tab never came to {name!r}")


def follow(page: Page, name: str) -> None:
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


@with_and_without_scripts
def test_from_the_start_to_a_paper_and_back_by_keyboard(catalogue, open_page, scripts):
    page = open_page(java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
    page.goto("/")
    page.keyboard.press("Tab")
    assert "Skip" in page.evaluate(FOCUS)["name"]
    follow(page, "Issues")
    follow(page, "ML Safety Newsletter #9")
    assert path_of(page) == "/issues/ml-safety-newsletter-9/"
    expect(page.locator("h1")).to_have_text("ML Safety Newsletter #9")

    entry = page.locator("article.entry").filter(has=page.locator(".note-card")).first
    anchor = entry.get_attribute("id")
    page.goto(f"{path_of(page)}#{anchor}")
    title = entry.locator(".note-card a").first.inner_text()
    follow(page, title)
    assert path_of(page).startswith("/papers/")
    expect(page.locator("h1")).to_have_text(title)

    page.go_back()
    assert urlsplit(page.url).path == "/issues/ml-safety-newsletter-9/"
    assert urlsplit(page.url).fragment == anchor
    expect(entry).to_be_in_viewport()


@with_and_without_scripts
def test_a_mention_leads_to_its_place_in_the_issue(catalogue, open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    paper = Paper.objects.get(identifiers__scheme="arxiv", identifiers__value="2303.08112")
    page.goto("/papers/by/arxiv/2303.08112")
    assert path_of(page) == paper.get_absolute_url()

    page.locator("main a[href^='/issues/ml-safety-newsletter-9/#']").first.click()
    place = page.locator(f"[id='{urlsplit(page.url).fragment}']")
    expect(place).to_have_count(1)
    expect(place).to_be_in_viewport()


@with_and_without_scripts
def test_the_deadlines_a_reader_of_issue_5_saw(catalogue, open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(f"/deadlines/?as_of={ISSUE_5_TOLD}&status=open")

    rows = page.locator("li.deadline")
    expect(rows.locator("time").first).to_be_visible()
    dates = [each.get_attribute("datetime") for each in rows.locator("p.day time").all()]
    assert len(dates) == 4
    for name in ("Best Papers", "Inverse Scaling", "Institutional Decision", "Uncertainty"):
        expect(rows.filter(has_text=name)).to_have_count(1)
    for words in ("September 30th", "October 27, 2022", "February 10th, 2023", "May 31st, 2023"):
        expect(rows.filter(has_text=words)).to_have_count(1)
    for undated in ("Trojan", "Worldview", "benchmark"):
        expect(rows.locator("p.day time").filter(has_text=undated)).to_have_count(0)
    expect(rows.filter(has_text="September 30th")).to_contain_text("not printed")

    page.goto(f"/prizes/?as_of={ISSUE_5_TOLD}")
    for name in ("Trojan", "Worldview", "enchmark"):
        assert page.get_by_text(re.compile(name)).count() >= 1


@with_and_without_scripts
def test_a_quoted_sentence_leads_to_where_it_stands(catalogue, open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    prize = Prize.objects.get(website="https://github.com/inverse-scaling/prize")
    page.goto(prize.get_absolute_url())

    page.get_by_role("link", name=re.compile("where it says so")).first.click()
    assert path_of(page) == "/issues/ml-safety-newsletter-5/"
    place = page.locator(f"[id='{urlsplit(page.url).fragment}']")
    expect(place).to_contain_text("October 27, 2022")
    expect(place).to_be_in_viewport()


@with_and_without_scripts
def test_papers_are_narrowed_and_widened_again_by_keyboard(catalogue, open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto("/papers/")
    tab_to(page, "Filter")
    page.keyboard.press("Enter")
    page.get_by_label("Author").focus()
    page.keyboard.type("Hendrycks")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"author=Hendrycks"))
    expect(page.locator(".results-count")).not_to_contain_text("148")
    assert int(page.locator(".results-count").inner_text().split()[0]) > 0

    page.go_back()
    expect(page.locator(".results-count")).to_contain_text("148")


@with_and_without_scripts
def test_the_theme_that_was_chosen_stays_chosen(catalogue, open_page, scripts):
    page = open_page(java_script_enabled=scripts, color_scheme="light")
    page.goto("/theme/")
    page.get_by_label("dark").check()
    page.locator("main form button").first.click()
    for place in ("/", "/papers/", "/accounts/login/"):
        page.goto(place)
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_axe_finds_nothing_on_any_page_of_the_catalogue(catalogue, open_page):
    page = open_page(user=UserFactory(theme="system"), viewport={"width": 1280, "height": 900})
    longest = max(Paper.objects.all(), key=lambda paper: len(paper.title))
    # The longest, the special edition, the newest: all nine are set by one template.
    issues = Issue.objects.filter(number__in=[3, 5, 9])
    places = [issue.get_absolute_url() for issue in issues.order_by("number")]
    places += [prize.get_absolute_url() for prize in Prize.objects.order_by("pk")[:4]]
    places += [longest.get_absolute_url(), "/", "/papers/", "/topics/monitoring/", "/prizes/"]
    places += [f"/deadlines/?as_of={ISSUE_5_TOLD}"]
    rules = {"rules": {"target-size": {"enabled": True}}}
    found = {}
    for place in places:
        page.goto(place)
        page.emulate_media(color_scheme="light")
        for violation in Axe().run(page, options=rules).response["violations"]:
            found[f"{place} {violation['id']}"] = violation["nodes"][0]["html"][:200]
        page.emulate_media(color_scheme="dark")  # which changes colours and nothing else
        for violation in Axe().run(page, options=COLOURS).response["violations"]:
            found[f"{place} {violation['id']} in the dark"] = violation["nodes"][0]["html"][:200]
        page.set_viewport_size({"width": 320, "height": 800})
        if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            found[f"{place} at 320"] = f"{over}px too wide"
        page.set_viewport_size({"width": 1280, "height": 900})

    assert found == {}
