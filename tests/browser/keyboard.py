"""Keys alone, as those press them who have no mouse; every focus has to show."""

from playwright.sync_api import Page

MOST_TABS = 400
# Of the element in focus: its name as it is announced, its value, and whether one sees the focus.
FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const by = element.getAttribute("aria-labelledby");
  const label = by ? document.getElementById(by) : element.labels?.[0];
  const name = element.getAttribute("aria-label") || (label ?? element).innerText || "";
  return { name: name.trim(), value: element.value ?? "",
           shown: style.outlineStyle !== "none" || style.boxShadow !== "none" };
}"""


def tab_to(page: Page, name: str, value: str = "") -> None:
    """Press Tab until what is called so, and has this value if one is named, is in focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["name"].startswith(name) and (not value or focus["value"] == value):
            assert focus["shown"], f"nothing shows that {name!r} is in focus"
            return
    raise AssertionError(f"Tab never came to {name!r}")


def press(page: Page, name: str, value: str = "") -> None:
    """Go to a link or button by Tab, and to where it leads by Enter."""
    tab_to(page, name, value)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill_in(page: Page, name: str, text: str, *, then_enter: bool = False) -> None:
    tab_to(page, name)
    page.keyboard.type(text)
    if then_enter:
        with page.expect_navigation():
            page.keyboard.press("Enter")
