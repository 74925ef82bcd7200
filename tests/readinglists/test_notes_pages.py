"""Notes on pages: written by whoever may, read by whom they are for, never lost."""

import re
from html import unescape
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsletter.models import Link
from papers.models import CitationKeyAlias
from readinglists.editing import items, lists, notes
from readinglists.editing.writing import locked
from readinglists.models import Item, Note, ReadingList
from readinglists.noting import saving
from readinglists.views import notes as views
from tests.factories import EntryFactory, LinkFactory, PaperFactory, UserFactory
from tests.markup.payloads import XSS
from tests.markup.reading import faults_in
from tests.readinglists.making import join, make_link, make_list, put_on, say

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def entry():
    paper = PaperFactory(title="Of quokkas")
    paragraphs = [
        "It <em>smiles</em> at <a href='https://example.org/q'>everybody</a>.",
        "It hops.",
    ]
    made = EntryFactory(
        html="".join(f"<p>{each}</p>" for each in paragraphs),
        issue__title="Issue 7",
        issue__url="https://newsletter.example/7",
        issue__authors=["Ada"],
    )
    LinkFactory(entry=made, paper=paper, role=Link.Role.PRIMARY)
    return made


@pytest.fixture
def reading_list():
    return make_list(visibility="public", title="Animals")


@pytest.fixture
def item(reading_list, entry):
    return put_on(reading_list, entry.links.get().paper)[0]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(item: Item) -> str:
    return reverse("readinglists:item-notes", kwargs={"pk": item.reading_list_id, "item": item.pk})


def note_page(note: Note, what: str = "note") -> str:
    kwargs = {"pk": note.item.reading_list_id, "note": note.pk}
    return reverse(f"readinglists:{what}", kwargs=kwargs)


def hidden_in(page) -> dict[str, str]:
    """The hidden fields of the note's form as a browser has them."""
    form = page.content.decode().split('class="form note-form"')[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def write(client: Client, item: Item, text: str, audience: str = "public"):
    typed = {"markdown": text, "audience": audience, **hidden_in(client.get(page_of(item)))}
    return client.post(page_of(item), typed, follow=True), typed


# --- Writing -----------------------------------------------------------------------------------
def test_a_note_is_written_changed_removed_and_brought_back(reading_list, item):
    client = signed_in(reading_list.owner)
    shown, typed = write(client, item, "Look at its *feet*.")
    note = Note.objects.get()
    assert "<em>feet</em>" in shown.content.decode()
    assert shown.redirect_chain[-1][0].endswith(f"#note-{note.pk}")
    client.post(page_of(item), typed)
    assert Note.objects.count() == 1, "sent twice, it is there once"

    edited = {**hidden_in(client.get(note_page(note))), "markdown": "Ears.", "audience": "members"}
    client.post(note_page(note), edited)
    note.refresh_from_db()
    assert (note.markdown, note.audience, note.version) == ("Ears.", "members", 2)

    gone = client.post(note_page(note, "note-remove"), follow=True)
    undo = re.search(r'action="([^"]*/restore/)"', gone.content.decode())
    assert "Ears." not in gone.content.decode()
    back = client.post(undo[1], follow=True)
    assert "Ears." in back.content.decode()
    verbs = reading_list.events.order_by("version").values_list("verb", flat=True)
    assert list(verbs)[-4:] == ["noted", "noted", "removed", "noted"]


ROLES = ["owner", "editor", "contributor", "viewer", "signed in", "nobody"]


@pytest.mark.parametrize("role", ROLES)
def test_one_writes_for_whom_one_may(reading_list, item, role):
    user = None
    if role == "owner":
        user = reading_list.owner
    elif role != "nobody":
        user = join(reading_list, role) if role in ROLES[1:4] else UserFactory()
    client = signed_in(user) if user else Client()
    for audience in ("private", "members", "public"):
        Note.objects.all().delete()
        typed = {"markdown": "Said.", "audience": audience, "request_id": uuid4()}
        answer = client.post(page_of(item), typed)
        may = role in ROLES[:4] or (role == "signed in" and audience == "private")
        assert Note.objects.exists() == may, (role, audience)
        if role == "nobody":
            assert answer.status_code == 403
            assert "Said." in answer.content.decode(), "what was typed is shown again"


def test_a_role_that_was_lost_meanwhile_is_lost_for_the_write_too(reading_list, item, monkeypatch):
    viewer = join(reading_list, "viewer")
    typed = {"markdown": "Said.", "audience": "members", "request_id": uuid4()}
    rendered = saving.rendered

    def lose_it(text):
        reading_list.memberships.all().delete()
        return rendered(text)

    monkeypatch.setattr(saving, "rendered", lose_it)
    answer = signed_in(viewer).post(page_of(item), typed)
    assert answer.status_code == 403
    assert "Said." in answer.content.decode(), "what was typed is shown again"
    assert not Note.objects.exists()


def test_a_link_that_was_revoked_meanwhile_takes_no_note(reading_list, item, monkeypatch):
    where = f"/s/{make_link(reading_list, 'view_notes')}/items/{item.pk}/notes/"
    rendered = saving.rendered

    def revoke(text):
        reading_list.share_links.update(revoked_at=timezone.now())
        return rendered(text)

    monkeypatch.setattr(saving, "rendered", revoke)
    typed = {"markdown": "Said.", "audience": "private", "request_id": uuid4()}
    answer = signed_in(UserFactory()).post(where, typed)
    assert (answer.status_code, Note.objects.count()) == (404, 0)
    assert "Said." in answer.content.decode()


def test_others_may_not_change_a_note_and_editors_may_take_it_away(reading_list, item):
    author, editor, other = (join(reading_list, role) for role in ("viewer", "editor", "viewer"))
    note, own = say(item, author, "Mine."), say(item, author, "Secret.", "private")
    typed = {"markdown": "Yours.", "audience": "public", "version": 1}
    answers = {
        user: [
            signed_in(user).post(note_page(each, what), typed).status_code
            for each in (note, own)
            for what in ("note", "note-remove")
        ]
        for user in (other, UserFactory(), editor)
    }
    assert list(answers.values()) == [[403, 403, 404, 404]] * 2 + [[403, 302, 404, 404]]
    note.refresh_from_db()
    own.refresh_from_db()
    assert (note.markdown, own.markdown, own.deleted_at) == ("Mine.", "Secret.", None)
    assert note.deleted_at


def test_bad_86_the_form_sent_from_two_tabs_shows_the_second_both_texts(reading_list, item):
    client = signed_in(reading_list.owner)
    note = say(item, reading_list.owner, "First.")
    opened = hidden_in(client.get(note_page(note)))
    client.post(note_page(note), {**opened, "markdown": "One tab.", "audience": "public"})
    mine = {**opened, "markdown": "The other tab.", "audience": "public"}
    answer = client.post(note_page(note), mine)
    note.refresh_from_db()
    page = unescape(answer.content.decode())
    assert (answer.status_code, note.markdown) == (409, "One tab.")
    assert "One tab." in page
    assert "The other tab." in page
    again = {
        **mine,
        **dict(re.findall(r'name="(version|opened)" value="([^"]*)"', answer.content.decode())),
    }
    again["opened"] = unescape(again["opened"])
    assert client.post(note_page(note), {**again, "keep": "mine"}).status_code == 302
    note.refresh_from_db()
    assert note.markdown == "The other tab."


@pytest.mark.parametrize("what", ["list", "item", "note", "access"])
def test_bad_87_what_was_deleted_in_another_tab_is_a_404_that_keeps_what_was_typed(
    reading_list, item, what
):
    author = join(reading_list, "editor")
    note = say(item, author, "First.")
    client = signed_in(author)
    typed = {
        **hidden_in(client.get(note_page(note))),
        "markdown": "Long work.",
        "audience": "public",
    }
    with locked(reading_list.pk) as held:
        if what == "item":
            items.remove_items(held, author, [item.pk])
        if what == "note":
            notes.remove_note(held, author, note)
    if what == "list":
        lists.trash_list(reading_list.pk, reading_list.owner)
    if what == "access":
        lists.change_list(reading_list.pk, reading_list.owner, None, visibility="private")
    answer = client.post(note_page(note), typed)
    assert answer.status_code == 404
    assert "Long work." in answer.content.decode()
    assert "First." not in answer.content.decode()
    assert "Animals" not in answer.content.decode()


def test_a_form_of_an_earlier_sign_in_can_be_sent_again(reading_list, item):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reading_list.owner)
    typed = {"markdown": "Long work.", "audience": "public", "csrfmiddlewaretoken": "x" * 64}
    for headers, is_kept in (({"Sec-Fetch-Site": "same-origin"}, True), ({}, False)):
        answer = client.post(page_of(item), typed, headers=headers)
        assert answer.status_code == 403
        assert ("Long work." in answer.content.decode()) == is_kept
    elsewhere = client.post("/accounts/login/", typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert "Long work." not in elsewhere.content.decode()


# --- What is shown to whom ---------------------------------------------------------------------
def test_the_newsletter_is_one_of_the_voices_with_its_source(reading_list, item, entry):
    say(item, reading_list.owner, "Mine.")
    page = Client().get(page_of(item)).content.decode()
    assert "It <em>smiles</em>" in page
    for shown in ("Issue 7", "Ada", "https://newsletter.example/7", entry.get_absolute_url()):
        assert shown in page
    assert page.index("smiles") < page.index("Mine.")
    entry.issue.publication.is_hidden = True
    entry.issue.publication.save()
    page = Client().get(page_of(item)).content.decode()
    assert "smiles" not in page
    assert "Mine." in page
    paper = item.paper
    paper.is_hidden = True
    paper.save()
    assert "Of quokkas" not in Client().get(page_of(item)).content.decode()


def test_a_margin_shows_no_label_of_a_link_in_what_the_newsletter_says(reading_list, item, entry):
    entry.html = "<p><a href='/x'>[Link]</a> It smiles &amp; waits.</p>"
    entry.save()
    page = Client().get(reading_list.get_absolute_url()).text
    assert "“It smiles &amp; waits.”" in page
    entry.html = "<p><a href='/x'>[Link]</a></p>"
    entry.save()
    assert "“”" not in Client().get(reading_list.get_absolute_url()).text


def test_commentary_that_somebody_quotes_is_not_told_twice(reading_list, item, entry):
    client = signed_in(reading_list.owner)
    key = f"{entry.pk}-0"
    typed = {"markdown": "As they say:", "audience": "public", "quote": key}
    asked = client.post(page_of(item), typed).content.decode()
    text = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", asked, re.DOTALL)[1])
    assert not Note.objects.exists()
    assert text.strip().startswith("As they say:\n\n> It smiles at [everybody]")
    assert "— Ada, [Issue 7](<https://newsletter.example/7>)" in text
    shown, _ = write(client, item, text)
    assert "It <em>smiles</em>" not in shown.content.decode()
    assert "It smiles at <a" in shown.content.decode()


def test_a_link_without_notes_shows_none_and_takes_none(reading_list, item):
    owner, reader = reading_list.owner, UserFactory()
    say(item, owner, "Said to all.")
    say(item, reader, "Said to myself.", "private")
    for allows, is_shown in (("view", False), ("view_notes", True)):
        where = f"/s/{make_link(reading_list, allows)}/items/{item.pk}/notes/"
        page = signed_in(reader).get(where).content.decode()
        assert ("Said to all." in page) == is_shown
        assert ("Said to myself." in page) == is_shown
        typed = {"markdown": "More.", "audience": "private", "request_id": uuid4()}
        assert signed_in(reader).post(where, typed).status_code == (302 if is_shown else 403)


def say_much(item, times: int) -> None:
    for number in range(times):
        Note.objects.create(
            item=item,
            author=UserFactory(),
            audience="public",
            markdown="x",
            html=f"<p>{number}</p>",
        )


def test_a_page_of_many_notes_asks_as_little_as_one_of_few(reading_list, item):
    client = Client()
    say(item, reading_list.owner, "First.")
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(item))
    say_much(item, 30)
    with CaptureQueriesContext(connection) as many:
        page = client.get(page_of(item)).content.decode()
    assert len(few) == len(many) <= 10
    assert "<p>29</p>" in page


# --- Markup ------------------------------------------------------------------------------------
class Live(HTMLParser):
    """What in a page a browser would run, or fetch from elsewhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            is_elsewhere = name in ("src", "data", "action", "srcdoc") and value[:1] not in "/?#"
            is_code = re.match(r"\s*(javascript|data|vbscript):", value or "", re.IGNORECASE)
            if name.startswith(("on", "style", "xlink", "formaction")) or is_elsewhere or is_code:
                self.found.append(f"{tag} {name}={value}")
        if tag in ("svg", "math", "iframe", "object", "embed", "base", "style", "template"):
            self.found.append(tag)


@pytest.mark.one_database
def test_bad_83_notes_with_attacks_leave_nothing_live_on_any_page(reading_list, item, monkeypatch):
    monkeypatch.setattr(views, "PREVIEWS_A_MINUTE", 1000)
    monkeypatch.setattr(notes, "MOST_NOTES", 1000)
    client = signed_in(reading_list.owner)
    clean = Live(client.get(page_of(item)).content.decode()).found
    for payload in XSS:
        note = say(item, reading_list.owner, payload)
        assert faults_in(note.html) == []
        looked = client.post("/lists/preview/", {"markdown": payload})
        assert looked.headers["Content-Type"] == "application/json"
        assert faults_in(looked.json()["html"]) == []
    everything = {"markdown": "\n\n".join(XSS), "audience": "public"}
    pages = [
        client.get(page_of(item)),
        client.post(page_of(item), {**everything, "preview": "yes"}),
        client.post(note_page(note), {**everything, "version": 0}),
        client.post(note_page(say(item, UserFactory()), "note"), everything),
        client.get(reverse("readinglists:history", args=[reading_list.pk])),
    ]
    assert [page.status_code for page in pages] == [200, 200, 409, 403, 200]
    for page in pages:
        assert set(Live(page.content.decode()).found) <= set(clean)


def test_a_mention_leads_to_what_everybody_may_see(reading_list, item):
    seen = PaperFactory(citation_key="doe2020seen")
    PaperFactory(citation_key="doe2020hidden", title="A secret", is_hidden=True)
    merged = PaperFactory(citation_key="doe2020merged", merged_into=seen)
    CitationKeyAlias.objects.create(key="doe2019alias", paper=seen)
    CitationKeyAlias.objects.create(key="doe2019gone", paper=merged)
    keys = [
        "doe2020seen",
        "doe2019alias",
        "doe2020hidden",
        "doe2020merged",
        "doe2019gone",
        "nobody",
    ]
    note = say(item, reading_list.owner, " ".join(f"@{key}" for key in keys))
    links = re.findall(r'<a href="([^"]*)">@(\w+)</a>', note.html)
    assert links == [(f"/papers/{seen.pk}/", key) for key in keys[:2]]
    assert "secret" not in note.html


def test_previews_are_for_whoever_is_signed_in_and_so_many_a_minute(reading_list):
    assert Client().post("/lists/preview/", {"markdown": "x"}).status_code == 403
    assert Client().post("/lists/preview/").status_code == 302
    client = signed_in(reading_list.owner)
    answer = client.post("/lists/preview/", {"markdown": "*x* @y $a*b*c$"})
    assert answer.json() == {"html": "<p><em>x</em> @y $a*b*c$</p>"}
    assert client.post("/lists/preview/", {"markdown": "x" * 50_001}).status_code == 400
    statuses = [
        client.post("/lists/preview/", {"markdown": "x"}).status_code
        for _ in range(views.PREVIEWS_A_MINUTE)
    ]
    assert statuses[-1] == 429
    assert ReadingList.objects.get().version == reading_list.version


def test_a_list_of_many_voices_asks_as_little_as_one_of_few_and_folds_the_many(reading_list, item):
    say(item, reading_list.owner, "First.")
    client, page = signed_in(reading_list.owner), reading_list.get_absolute_url()
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for number in range(5):
        entry = EntryFactory(html=f"<p>Commentary {number}.</p>")
        LinkFactory(entry=entry, role=Link.Role.PRIMARY, paper=PaperFactory())
        for each in put_on(reading_list, entry.links.get().paper, entry):
            say(each, UserFactory(), "More.")
    say_much(item, 25)
    with CaptureQueriesContext(connection) as many:
        shown = client.get(page).content.decode()
    # A first prize, or a first entry, among the items is looked up by a query of its own.
    assert len(many) <= len(few) + 2
    assert shown.count("“Commentary 3.”") == 2
    assert "16 more notes" in shown
    assert "All 26 notes" in shown
