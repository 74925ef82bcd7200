"""The public pages in a real browser: for everyone, in every theme, with and without scripts.

A violation, a line in the console or a request to elsewhere fails each of these (browser_fixtures).
"""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from prizes.models import Prize, Tracking
from tests.factories import (
    AnnouncementFactory,
    AuthorFactory,
    AuthorshipFactory,
    AwardFactory,
    DeadlineFactory,
    EntryFactory,
    IdentifierFactory,
    IssueFactory,
    LinkFactory,
    PaperFactory,
    PrizeFactory,
    PrizeMentionFactory,
    SectionFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.one_database

TOLD = datetime(2022, 9, 26, 14, tzinfo=UTC)
LONG = ("On the unreasonable length of titles of papers about the robustness of models " * 4)[:300]
UNBROKEN = "Superkalifragilistisch" * 12
PAGES = [
    "/",
    "/issues/",
    "/issues/ml-safety-newsletter-5/",
    "/topics/",
    "/topics/robustness/",
    "/papers/?kind=paper",
    "/papers/by/arxiv/2303.08112",
    "/prizes/",
    "/prizes/inverse-scaling/",
    "/deadlines/",
    "/deadlines/?as_of=2022-09-26",
    "/deadlines/?as_of=2999-01-01",
    "/deadlines/?as_of=2022-09-26&view=month",
    "/deadlines/?as_of=2022-09-26&view=timeline",
    "/deadlines/money/?as_of=2022-09-26",
    "/papers/?year_min=nonsense",
    "/search/?q=robustness",
    "/search/",
    "/no/such/page/",
]
COLOURS = {"runOnly": ["color-contrast"]}
# Beside the light one, of which everything is judged; these change colours and nothing else.
OTHER_LOOKS = [{"color_scheme": "dark"}, {"color_scheme": "light", "contrast": "more"}]


@pytest.fixture
def catalogue(transactional_db) -> None:
    """A small library with what is hard to set: long titles, Arabic names, many topics."""
    topics = [
        TopicFactory(slug=slug, name=slug.capitalize())
        for slug in ("robustness", "monitoring", "alignment", "other")
    ]
    issue = IssueFactory(
        slug="ml-safety-newsletter-5", published_at=TOLD, highlights=["prizes", "competitions"]
    )
    section = SectionFactory(issue=issue, topic=topics[0], heading="Robustness", level=1)
    SectionFactory(issue=issue, topic=topics[0], heading="Other robustness news", level=4)
    entry = EntryFactory(
        issue=issue, section=section, topic=topics[0], headline=LONG, anchor="the-entry"
    )
    brief = EntryFactory(issue=issue, kind="brief", headline="Some words", topic=topics[0])
    for title in ("The tuned lens", LONG, UNBROKEN, "عنوان ورقة بحثية عن سلامة التعلم الآلي"):
        paper = PaperFactory(title=title, published_year=2023, venue="ICML", topics=topics)
        AuthorshipFactory(paper=paper, author=AuthorFactory(name=f"محمد الخوارزمي {paper.pk}"))
        LinkFactory(entry=entry, paper=paper, label="Paper", editor_note="A note.")
        LinkFactory(entry=brief, paper=paper)
    IdentifierFactory(paper=paper, value="2303.08112")
    PaperFactory(title="Only data", kind="dataset")
    prize = PrizeFactory(
        slug="inverse-scaling",
        name="Inverse Scaling Prize " + LONG[:200],
        pool_amount=250_000,
        pool_currency="USD",
        topics=topics,
    )
    AwardFactory(prize=prize, label=LONG[:200])
    deadline = DeadlineFactory(prize=prize, date=date(2022, 10, 27), label="final round")
    told = {"deadline": deadline, "issue": issue}
    first = AnnouncementFactory(
        **told, date=date(2022, 10, 20), announced_at=TOLD - timedelta(days=7)
    )
    AnnouncementFactory(**told, entry=entry, change="extended", supersedes=first)
    PrizeMentionFactory(prize=prize, entry=entry)


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(catalogue, open_page):
    page = open_page(viewport={"width": 1280, "height": 900})
    found = {}
    for address in PAGES:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light", contrast="no-preference")
        page.goto(address)
        violations = Axe().run(page).response["violations"]
        for look in OTHER_LOOKS:
            page.emulate_media(**look)
            violations += Axe().run(page, options=COLOURS).response["violations"]
        found |= {f"{address} {v['id']}": v["nodes"][0]["html"] for v in violations}
        for width in (320, 768):
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if overflow > 0:
                found[f"{address} at {width}"] = f"{overflow}px too wide"
    assert found == {}


def test_axe_finds_nothing_for_a_maintainer_with_the_menu_open(catalogue, open_page):
    page = open_page(user=UserFactory(is_staff=True))
    page.goto("/issues/ml-safety-newsletter-5/")
    page.locator(".site-tools details.menu > summary").click()
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(page.locator(".site-tools details.menu")).not_to_have_attribute("open", "")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert Axe().run(page).response["violations"] == []


def test_axe_finds_nothing_on_what_one_tracks(catalogue, open_page):
    reader = UserFactory()
    tracking = Tracking.objects.create(
        user=reader,
        prize=Prize.objects.get(slug="inverse-scaling"),
        links=[{"url": f"https://example.org/{UNBROKEN}", "label": LONG[:200]}],
    )
    page = open_page(user=reader, viewport={"width": 320, "height": 900})
    found = {}
    for name in ("", f"{tracking.pk}/", f"{tracking.pk}/forget/", "reminders/", "calendar/"):
        page.goto(f"/tracked/{name}")
        violations = Axe().run(page).response["violations"]
        found |= {f"{name} {v['id']}": v["nodes"][0]["html"] for v in violations}
        if (overflow := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            found[name] = f"{overflow}px too wide"
    assert found == {}


def test_the_chosen_theme_wins_over_the_systems(catalogue, open_page, live_server):
    page = open_page(color_scheme="light")
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": live_server.url}])
    page.goto("/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_filters_update_in_place_and_the_way_back_is_right(catalogue, open_page):
    page = open_page()
    page.goto("/papers/")
    page.evaluate("window.sameDocument = true")
    page.get_by_text("Filter", exact=True).first.click()
    page.get_by_label("Kind").select_option("dataset")
    expect(page.locator(".results-count")).to_have_text("1 paper")
    expect(page).to_have_url(re.compile(r"/papers/\?kind=dataset$"))
    assert page.evaluate("window.sameDocument")
    expect(page.get_by_text("Only data")).to_be_visible()
    page.go_back()
    expect(page.locator(".results-count")).to_have_text("5 papers")
    expect(page).to_have_url(re.compile(r"/papers/$"))
    expect(page.get_by_label("Kind")).to_have_value("")


def test_keys_lead_to_the_places_and_not_while_typing(catalogue, open_page):
    page = open_page()
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url(re.compile(r"/papers/$"))
    page.get_by_text("Filter", exact=True).first.click()
    page.get_by_label("Author").press_sequentially("gi")
    assert urlsplit(page.url).path == "/papers/"


def test_everything_works_without_scripts(catalogue, open_page):
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto("/papers/")
    page.get_by_text("Filter", exact=True).first.click()
    page.get_by_label("Kind").select_option("dataset")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".results-count")).to_have_text("1 paper")
    page.get_by_role("link", name="Kind: Dataset").click()
    expect(page.locator(".results-count")).to_have_text("5 papers")
    page.goto("/issues/ml-safety-newsletter-5/")
    page.get_by_text("Contents", exact=True).click()
    page.get_by_role("navigation", name="Contents").get_by_text("Robustness").first.click()
    assert urlsplit(page.url).fragment.startswith("section-")


def test_an_issue_on_a_wide_screen_shows_its_contents_beside_it(catalogue, open_page):
    page = open_page(viewport={"width": 1280, "height": 900})
    page.goto("/issues/ml-safety-newsletter-5/")
    contents = page.get_by_role("navigation", name="Contents")
    expect(contents.get_by_role("link", name="Robustness", exact=True)).to_be_visible()
    card = page.locator("#the-entry .note-card").first.bounding_box()
    text = page.locator("#the-entry .prose").bounding_box()
    assert card["x"] >= text["x"] + text["width"]


def test_a_first_page_is_light(catalogue, open_page):
    """At most 60 KB compressed in all, 20 of it scripts; and nothing moves once it stands."""
    page, weights = open_page(viewport={"width": 1280, "height": 900}), {}
    page.on("response", lambda each: weights.update({each.url: len(gzip.compress(each.body()))}))
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => shift += entry.value)).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto("/issues/ml-safety-newsletter-5/", wait_until="networkidle")
    scripts = sum(size for url, size in weights.items() if url.endswith(".js"))
    assert sum(weights.values()) < 60_000
    assert 0 < scripts < 20_000
    assert page.evaluate("window.shift") == 0
