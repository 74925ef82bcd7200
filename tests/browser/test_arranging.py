"""A list arranged by dragging: saved at once, taken back at once, never over others' changes."""

import pytest
from playwright.sync_api import Page, expect

from readinglists.editing import lists
from readinglists.models import Item
from tests.readinglists.making import add_section, make_list, put_on

pytestmark = pytest.mark.one_database

# What is dragged follows the pointer frame by frame.
TWO_FRAMES = """async () => {
  for (const _ of [1, 2]) await new Promise((seen) => requestAnimationFrame(seen));
}"""


def drag(page: Page, title: str, onto: str) -> None:
    """By its handle, to just below another one."""
    rows = page.locator("[data-item]")
    grip = rows.filter(has_text=title).locator(".grip").bounding_box()
    target = rows.filter(has_text=onto).bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, grip["y"] + 40, steps=4)
    page.mouse.move(target["x"] + 20, target["y"] + target["height"] - 4, steps=6)
    page.evaluate(TWO_FRAMES)
    page.mouse.up()


def order() -> list[tuple[str | None, str]]:
    items = Item.objects.filter(deleted_at=None).select_related("section")
    shown = sorted(items, key=lambda item: (item.section_id is not None, item.position))
    return [(item.section and item.section.title, item.title[-1]) for item in shown]


def test_a_list_is_arranged_by_dragging_and_nobody_elses_order_is_lost(
    transactional_db, open_page, complaints
):
    made = make_list()
    put_on(made, "https://example.org/1", "https://example.org/2")
    section = add_section(made, "Week two")
    put_on(made, "https://example.org/3", section=section.pk)
    page = open_page(user=made.owner)
    page.goto(f"/lists/{made.pk}/order/")
    drag(page, "example.org/1", "example.org/3")
    expect(page.locator("[data-status]")).to_contain_text("Week two, 2 of 2. Saved.")
    assert order() == [(None, "2"), ("Week two", "3"), ("Week two", "1")]
    with page.expect_navigation():
        page.locator("[data-status]").get_by_text("Undo").click()
    assert order() == [(None, "1"), (None, "2"), ("Week two", "3")]

    lists.change_list(made.pk, made.owner, None, title="Somebody was here")
    with page.expect_navigation():
        drag(page, "example.org/1", "example.org/2")
    expect(page.locator("h1")).to_have_text("The list was changed while you arranged it")
    assert order() == [(None, "1"), (None, "2"), ("Week two", "3")]
    with page.expect_navigation():
        page.get_by_role("button", name="Keep mine").click()
    assert order() == [(None, "2"), (None, "1"), ("Week two", "3")]
    complaints.clear()
