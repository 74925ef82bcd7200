"""Writing a note: looked at while it is typed, kept in a closed tab, with the newsletter quoted."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from newsletter.models import Link
from readinglists.models import Note
from tests.factories import EntryFactory, LinkFactory, PaperFactory
from tests.readinglists.making import make_list, put_on

pytestmark = pytest.mark.one_database


@pytest.fixture
def item(transactional_db):
    entry = EntryFactory(html="<p>A quokka smiles at everybody it meets.</p>")
    LinkFactory(entry=entry, role=Link.Role.PRIMARY, paper=PaperFactory(title="Of quokkas"))
    return put_on(make_list(title="Animals"), entry.links.get().paper)[0]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_note_is_looked_at_kept_quoted_and_saved(item, open_page, scripts):
    user = item.reading_list.owner
    page = open_page(user=user, java_script_enabled=scripts)
    address = f"/lists/{item.reading_list_id}/items/{item.pk}/notes/"
    page.goto(address)
    text, preview = page.get_by_label("Note", exact=True), page.get_by_label("Preview")
    text.fill("Look at its *feet*.")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(preview.locator("em")).to_have_text("feet")

    if scripts:
        expect(page.get_by_text("Draft kept in this browser")).to_be_visible()
        page.goto("/papers/")
        page.goto(address)
        expect(text).to_have_value("")
        expect(page.get_by_text("was never saved")).to_be_visible()
        page.get_by_role("button", name="Take it over").click()
        expect(text).to_have_value("Look at its *feet*.")

    page.get_by_text("Quote a passage of the newsletter").click()
    page.get_by_role("button", name="Quote", exact=True).click()
    expect(preview.locator("blockquote")).to_contain_text("A quokka smiles")
    if scripts:
        assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".voice em")).to_have_text("feet")
    note = Note.objects.get()
    assert note.markdown.startswith("Look at its *feet*.\n\n> A quokka smiles")
    page.reload()
    expect(page.get_by_text("was never saved")).to_be_hidden()
    if scripts:
        assert page.evaluate("localStorage.length") == 0
        for place in ("", "1/"):
            page.goto(f"/lists/{item.reading_list_id}/history/{place}")
            assert Axe().run(page).response["violations"] == []
