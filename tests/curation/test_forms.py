"""Forms that fit on a screen: one line for what is one line, the rest out of the way."""

import pytest
from django.contrib import admin
from django.forms import Textarea, TextInput

from newsletter.models import Issue
from papers.models import Paper
from prizes.models import Prize
from tests import factories

ONE_LINE = [
    (Paper, "title"),
    (Paper, "url"),
    (Paper, "pdf_url"),
    (Paper, "code_url"),
    (Prize, "website"),
    (Issue, "url"),
]


@pytest.fixture
def maintainer(db):
    return factories.UserFactory(is_staff=True, is_superuser=True)


@pytest.mark.parametrize(("model", "name"), ONE_LINE)
def test_an_address_is_one_line(rf, maintainer, model, name):
    request = rf.get("/")
    request.user = maintainer
    field = admin.site.get_model_admin(model).get_form(request)().fields[name]

    assert isinstance(field.widget, TextInput)


def test_a_note_is_lower_than_a_text(rf, maintainer):
    request = rf.get("/")
    request.user = maintainer
    fields = admin.site.get_model_admin(Paper).get_form(request)().fields
    rows = {
        name: int(field.widget.attrs["rows"])
        for name, field in fields.items()
        if isinstance(field.widget, Textarea)
    }

    assert rows["review_note"] < rows["abstract"]


def test_what_stands_beside_a_paper_is_near(open_page, maintainer, screenshots):
    paper = factories.PaperFactory(url="https://example.org/")
    factories.IdentifierFactory(paper=paper)
    page = open_page(user=maintainer, viewport={"width": 1280, "height": 900})
    page.goto(f"/admin/papers/paper/{paper.pk}/change/")
    page.screenshot(path=str(screenshots / "admin-paper.png"), full_page=True)

    box = page.get_by_role("heading", name="Identifiers").bounding_box()
    assert box["y"] < 2 * 900  # screens
