"""Deciding about twins in the admin: compared, merged, dismissed, split; by whom; and not stale."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from papers.merging import merge
from papers.models import DuplicateSuggestion, Merge, Paper
from tests import factories
from tests.admin_pages import act, address, edit
from tests.papers.merging.shelf import suggest

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def pair() -> tuple[Paper, Paper]:
    """A duplicate and the paper that stays."""
    duplicate = factories.PaperFactory(title="Duplicate", venue="ICML", abstract="Long.")
    stays = factories.PaperFactory(title="Stays", venue="NeurIPS")
    factories.LinkFactory(paper=duplicate)
    return duplicate, stays


def page_of(duplicate: Paper, stays: Paper) -> str:
    return f"/admin/papers/paper/{duplicate.pk}/merge/{stays.pk}/"


def decide(desk: Client, pair, **sent):
    state = desk.get(page_of(*pair)).context["comparison"].state
    return desk.post(page_of(*pair), {"state": state, **sent}, follow=True)


def test_both_stand_side_by_side_with_what_becomes_of_each_value(admin_desk, pair):
    suggest(*pair, evidence="3 authors in common")
    page = admin_desk.get(page_of(*pair))
    values = {value.name: value for value in page.context["comparison"].values}
    assert values["venue"].is_takeable
    assert values["abstract"].is_filled
    for words in ("Duplicate", "NeurIPS", "ICML", "3 authors in common", "Headline"):
        assert words in page.text


def test_what_stands_in_papers_is_text_on_the_page(admin_desk, pair):
    Paper.objects.update(title=SCRIPT, venue=SCRIPT, alternative_titles=[SCRIPT])
    assert SCRIPT not in admin_desk.get(page_of(*pair)).text


def test_merging_takes_the_chosen_values_and_splitting_gives_them_back(admin_desk, pair):
    page = decide(admin_desk, pair, decision="merge", taken=["venue", "no_such_field"])
    made = Merge.objects.get()
    assert made.by.username == "desk"
    pair[1].refresh_from_db()
    assert (pair[1].venue, pair[1].abstract) == ("ICML", "Long.")
    assert "Split again" in page.text
    page = admin_desk.post(f"/admin/papers/merge/{made.pk}/split/", follow=True)
    pair[1].refresh_from_db()
    assert (pair[1].venue, pair[1].abstract) == ("NeurIPS", None)
    assert "two papers again" in page.text
    assert "Split again" not in page.text


def test_what_stays_after_a_split_is_named(admin_desk, pair):
    made = merge(*pair)
    Paper.objects.filter(pk=pair[1].pk).update(abstract="By hand.")
    page = act(admin_desk, Merge, "split_selected", made)
    assert "was edited since: abstract" in page.text
    page = act(admin_desk, Merge, "split_selected", made)
    assert "was split already" in page.text


@pytest.mark.parametrize("change", ["title", "identifier", "link"])
def test_a_decision_based_on_what_is_no_longer_so_is_refused(admin_desk, pair, change):
    state = admin_desk.get(page_of(*pair)).context["comparison"].state
    match change:
        case "title":
            Paper.objects.filter(pk=pair[0].pk).update(title="Retitled")
        case "identifier":
            factories.IdentifierFactory(paper=pair[1])
        case "link":
            factories.LinkFactory(paper=pair[0])
    sent = {"state": state, "decision": "merge", "taken": ["venue"]}
    page = admin_desk.post(page_of(*pair), sent)
    assert "was changed since you opened this page" in page.text
    assert page.context["chosen"] == ["venue"]
    assert not Merge.objects.exists()


def test_two_works_are_noted_as_such(admin_desk, pair):
    decide(admin_desk, pair, decision="different")
    row = DuplicateSuggestion.objects.get()
    assert (row.state, row.decided_by.username) == ("dismissed", "desk")
    assert not Merge.objects.exists()


def test_the_queue_shows_what_waits_and_dismisses_many(admin_desk, pair):
    other = factories.PaperFactory(title="A third")
    waiting, decided = suggest(*pair), suggest(pair[0], other, state="dismissed")
    queue = address(DuplicateSuggestion, "changelist")
    assert list(admin_desk.get(queue).context["cl"].queryset) == [waiting]
    shown = admin_desk.get(f"{queue}?state=all").context["cl"].queryset
    assert set(shown) == {waiting, decided}
    act(admin_desk, DuplicateSuggestion, "dismiss_selected", waiting)
    assert list(admin_desk.get(queue).context["cl"].queryset) == []


def test_two_selected_papers_are_compared_the_better_one_staying(admin_desk, pair):
    Paper.objects.filter(pk=pair[0].pk).update(title_source="link_text")
    page = act(admin_desk, Paper, "compare_selected", *pair)
    assert page.redirect_chain == [(page_of(*pair), 302)]
    for rows in (pair[:1], (*pair, factories.PaperFactory())):
        page = act(admin_desk, Paper, "compare_selected", *rows)
        assert "Select two papers" in page.text


def test_a_merged_paper_is_neither_compared_nor_offered_to_hang_things_on(admin_desk, pair):
    merge(*pair)
    assert admin_desk.get(page_of(*pair)).status_code == HTTPStatus.NOT_FOUND
    asked = {"app_label": "newsletter", "model_name": "link", "field_name": "paper", "term": ""}
    found = admin_desk.get("/admin/autocomplete/", asked).json()["results"]
    assert [each["text"] for each in found] == ["Stays"]


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        ([], False),
        (["change_paper"], False),
        (["add_merge", "change_merge"], False),
        (["change_paper", "add_merge", "change_merge", "view_merge"], True),
    ],
)
def test_only_who_may_decides(pair, rights, may):
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    desk = Client()
    desk.force_login(user)
    expected = HTTPStatus.OK if may else HTTPStatus.FORBIDDEN
    assert desk.get(page_of(*pair)).status_code == expected
    assert desk.post(page_of(*pair), {"decision": "merge"}).status_code == expected
    made = merge(*pair)
    desk.post(f"/admin/papers/merge/{made.pk}/split/")
    made.refresh_from_db()
    assert (made.split_at is not None) == may


def test_looking_never_splits(admin_desk, pair):
    made = merge(*pair)
    admin_desk.get(f"/admin/papers/merge/{made.pk}/split/")
    made.refresh_from_db()
    assert made.split_at is None


def test_no_page_shows_the_journal(admin_desk, pair):
    made = merge(*pair)
    for page in (address(Merge, "changelist"), address(Merge, "change", made.pk)):
        assert "curation.journal" not in admin_desk.get(page).text
        assert '"verb"' not in admin_desk.get(page).text


def test_an_edit_in_the_admin_looks_for_twins_again(admin_desk):
    known = factories.PaperFactory(title="A rather distinctive title of a work")
    paper = factories.PaperFactory(title="Another")
    edit(admin_desk, known, venue="ICML")
    edit(admin_desk, paper, title="A rather distinctive title of a work")
    assert DuplicateSuggestion.objects.get().reason == "same_title"
