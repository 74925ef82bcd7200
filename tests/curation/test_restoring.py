"""An older version brought back by a maintainer: an edit by hand like any other."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from papers.models import Paper
from tests import factories

WITHDRAWN = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def maintainer_client(client, db):
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    return client


def fields_of(page, **changed) -> dict[str, object]:
    """What a browser would send of this page's form."""
    form = page.context["adminform"].form
    values = {bound.html_name: bound.value() for bound in form}
    texts = {name: "" if value is None else value for name, value in values.items()}
    sent = {name: value for name, value in (texts | changed).items() if value is not False}
    for inline in page.context.get("inline_admin_formsets", ()):
        for bound in inline.formset.management_form:
            sent[bound.html_name] = bound.value()
        for each in inline.formset.forms:
            for bound in each:
                sent[bound.html_name] = "" if bound.value() is None else bound.value()
    return sent


def edit(client, row, **changed) -> None:
    address = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    answer = client.post(address, fields_of(client.get(address), **changed))
    assert answer.status_code == 302, answer.context["errors"]
    row.refresh_from_db()


def restore(client, row, version, **changed) -> None:
    address = reverse(
        f"admin:{row._meta.label_lower.replace('.', '_')}_simple_history",
        args=[row.pk, version.history_id],
    )
    answer = client.post(address, fields_of(client.get(address), **changed))
    assert answer.status_code == 302, answer.context["errors"]
    row.refresh_from_db()


def test_a_restored_title_stays_locked(maintainer_client):
    paper = factories.PaperFactory(title="As printed")
    edit(maintainer_client, paper, title="By hand")
    assert paper.locked_fields == ["title"]
    restore(maintainer_client, paper, paper.history.earliest())

    assert (paper.title, paper.locked_fields) == ("As printed", ["title"])


def test_locks_set_meanwhile_stay_and_what_came_back_is_locked(maintainer_client):
    paper = factories.PaperFactory(title="As printed", venue="Here")
    first = paper.history.latest()
    paper.title, paper.locked_fields = "Enriched", ["venue"]
    paper.save()
    restore(maintainer_client, paper, first)

    assert (paper.title, paper.locked_fields) == ("As printed", ["title", "venue"])


def test_what_the_form_does_not_show_stays_as_it_is(maintainer_client):
    entry = factories.EntryFactory(headline="As printed", anchor="first")
    first = entry.history.latest()
    entry.headline, entry.anchor, entry.withdrawn_at = "Anew", "second", WITHDRAWN
    entry.save()
    restore(maintainer_client, entry, first)

    assert (entry.headline, entry.anchor) == ("As printed", "second")
    assert entry.withdrawn_at == WITHDRAWN


def test_a_restored_text_is_shown_as_it_reads(maintainer_client):
    entry = factories.EntryFactory(markdown="The *old* text.", html="<p>The old text.</p>")
    first = entry.history.latest()
    edit(maintainer_client, entry, markdown="The new text.")
    restore(maintainer_client, entry, first)

    assert entry.markdown == "The *old* text."
    assert "<em>old</em>" in entry.html


def test_a_deleted_row_comes_back_whole(maintainer_client):
    paper = factories.PaperFactory(title="Gone and back")
    version = paper.history.latest()
    pk = paper.pk
    paper.delete()
    paper.pk = pk
    restore(maintainer_client, paper, version)

    assert Paper.objects.get(pk=pk).title == "Gone and back"
