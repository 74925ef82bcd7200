"""A list from its first word to a link that leads nowhere any more, by keyboard alone."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from readinglists.editing.lists import change_list
from readinglists.models import Item, Note, ReadingList
from tests.browser.keyboard import fill_in, press, tab_to
from tests.factories import IdentifierFactory, UserFactory

pytestmark = pytest.mark.one_database

IDS = [f"2101.0000{number}" for number in range(1, 6)]


@pytest.fixture
def papers(transactional_db):
    return [
        IdentifierFactory(scheme="arxiv", value=each, paper__title=f"Paper {each}").paper
        for each in IDS
    ]


def order_of_papers() -> list[tuple[str | None, int]]:
    items = Item.objects.filter(deleted_at=None).select_related("section")
    shown = sorted(items, key=lambda item: (item.section_id is not None, item.position))
    return [(item.section and item.section.title, item.paper_id) for item in shown]


def judge(page: Page, *, scripts: bool) -> None:
    """By axe-core, which is a script itself."""
    if scripts:
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def judge_every_form(page: Page, *, scripts: bool) -> None:
    """In the dark as well, which changes colours and nothing else, and on the narrowest screen."""
    judge(page, scripts=scripts)
    page.emulate_media(color_scheme="dark")
    judge(page, scripts=scripts)
    page.emulate_media(color_scheme="light")
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size(size)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_list_is_made_filled_annotated_arranged_shared_and_shared_no_more(
    papers, open_page, scripts
):
    page = open_page(user=UserFactory(), java_script_enabled=scripts)
    page.goto("/lists/")
    press(page, "New list")
    fill_in(page, "Title", "Week by week", then_enter=True)
    expect(page.locator("h1")).to_have_text("Week by week")

    press(page, "Add")
    fill_in(page, "Identifiers or addresses", "\n".join(IDS))
    press(page, "Look them up")
    judge(page, scripts=scripts)
    press(page, "Add what is ticked")
    numbers = [paper.pk for paper in papers]
    assert order_of_papers() == [(None, pk) for pk in numbers]

    press(page, "Write a note")
    fill_in(page, "Note", "Begin with its *appendix*.")
    press(page, "Save")
    expect(page.locator(".voice em")).to_have_text("appendix")
    assert Note.objects.get().item.paper_id == numbers[0]

    press(page, "Week by week")
    judge(page, scripts=scripts)
    press(page, "Arrange")
    judge(page, scripts=scripts)
    press(page, "Add a section")
    fill_in(page, "Title", "The second week", then_enter=True)
    if "/order/" not in page.url:
        press(page, "Arrange")
    last = str(Item.objects.get(paper=numbers[-1]).pk)
    tab_to(page, "Move down", last)
    if scripts:
        page.keyboard.press("Enter")
        expect(page.get_by_text("Saved.")).to_be_visible()
        tab_to(page, "Undo")  # offered right where one is
        page.goto(page.url)
        tab_to(page, "Move with the arrow keys")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_text("Saved.")).to_be_visible()
        numbers[0], numbers[1] = numbers[1], numbers[0]
    else:
        with page.expect_navigation():
            page.keyboard.press("Enter")
    moved = ("The second week", numbers[-1])
    assert order_of_papers() == [*((None, pk) for pk in numbers[:-1]), moved]

    press(page, "Week by week")
    press(page, "Edit")
    made = ReadingList.objects.get()
    change_list(made.pk, made.owner, None, title="Day by day")
    fill_in(page, "Title", "Week by week, and no faster", then_enter=True)
    expect(page.get_by_text("What stands now")).to_be_visible()
    judge_every_form(page, scripts=scripts)
    press(page, "Take theirs")
    expect(page.locator("h1")).to_have_text("Day by day")

    press(page, "Share")
    fill_in(page, "Name", "reviewers", then_enter=True)
    address = urlsplit(page.locator(".token-box code").inner_text()).path
    reviewer = open_page(java_script_enabled=scripts)
    reviewer.goto(address)
    titles = reviewer.locator(".list-items .row-title")
    expected = {paper.pk: paper.title for paper in papers}
    expect(titles).to_have_text([expected[pk] for pk in numbers])
    expect(reviewer.get_by_text("appendix")).to_have_count(0)
    press(page, "Revoke")
    answer = reviewer.goto(address)
    assert answer.status == 404
