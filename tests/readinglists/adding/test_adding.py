"""Things come onto lists from anywhere: seen before they are added, added once, by whoever may."""

import re
import time
from html import unescape
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsletter.models import Link
from readinglists.adding.pasting import MOST_LINES, read_lines
from readinglists.editing import lists
from readinglists.models import Item, ReadingList
from readinglists.wanted import Wanted
from tests.factories import (
    EntryFactory,
    IdentifierFactory,
    LinkFactory,
    PaperFactory,
    PrizeFactory,
    SectionFactory,
    UserFactory,
)
from tests.readinglists.making import add_section, join, make_list, order_of, put_on

pytestmark = pytest.mark.one_database

ADD = "/lists/add/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(reading_list: ReadingList) -> str:
    return reverse("readinglists:add-to", kwargs={"pk": reading_list.pk})


def inputs_of(page) -> dict[str, list[str]]:
    """What a browser would send of a form that nobody touched, but for its buttons."""
    form = re.search(r'<form class="form.*?</form>', page.content.decode(), re.DOTALL)[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        field = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        is_off = field.get("type") in {"checkbox", "radio"} and " checked" not in tag
        if not is_off and field["name"] != "csrfmiddlewaretoken":
            sent.setdefault(field["name"], []).append(unescape(field.get("value", "")))
    return sent


def targets_on(reading_list) -> list[tuple]:
    items = Item.objects.filter(reading_list=reading_list, deleted_at=None).order_by("position")
    kinds = ("paper", "entry", "prize", "url")
    return [
        next((kind, value) for kind, value in zip(kinds, row, strict=True) if value)
        for row in items.values_list(*kinds)
    ]


# --- Reading lines -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "identifier", "title"),
    [
        ("2303.08112", "2303.08112", None),
        ("  - arXiv:2303.08112v2", "arXiv:2303.08112v2", None),
        ("3. https://example.org/a?b=c", "https://example.org/a?b=c", None),
        ("10.1000/182 — The DOI handbook", "10.1000/182", "The DOI handbook"),
        ("Tuned lens, https://example.org/lens.", "https://example.org/lens.", "Tuned lens"),
        ("[Of *cats*](https://example.org/c)", "https://example.org/c", "Of *cats*"),
        ("nothing of the kind", "nothing of the kind", None),
    ],
)
def test_a_line_is_an_identifier_with_or_without_a_title(line, identifier, title):
    [read] = read_lines(f"\n{line}\n")
    assert read.number == 2
    assert read.wanted == Wanted(identifier=identifier, title=title)


@pytest.mark.django_db
class TestPasting:
    @pytest.fixture
    def reading_list(self):
        return make_list(title="Animals")

    def test_lines_are_looked_up_first_and_added_once(self, reading_list):
        known, hidden = PaperFactory(title="Of quokkas"), PaperFactory(is_hidden=True)
        [standing] = put_on(reading_list, PaperFactory())
        for paper, value in ((known, "2303.08112"), (standing.paper, "2303.00001")):
            IdentifierFactory(paper=paper, scheme="arxiv", value=value)
        prize, entry = PrizeFactory(), EntryFactory()
        site = settings.SITE_URL
        text = "\n".join(
            [
                "2303.08112 whatever I call it",
                f"{site}{known.get_absolute_url()}",
                "https://arxiv.org/abs/2303.00001",
                f"{site}/prizes/{prize.slug}/",
                f"{site}{entry.issue.get_absolute_url()}#{entry.anchor}",
                "https://example.org/cats Cats",
                f"{site}/papers/{hidden.pk}/x/",
                "no idea",
            ]
        )
        client = signed_in(reading_list.owner)
        form = {**inputs_of(client.get(page_of(reading_list))), "what": text, "look": "yes"}
        looked = client.post(page_of(reading_list), form)
        shown = looked.content.decode()
        assert targets_on(reading_list) == [("paper", standing.paper_id)], "nothing is added yet"
        assert shown.count("already in this list") == 1
        assert shown.count("twice in what you pasted") == 1
        assert "No paper has this id" in shown
        assert "Line 8: No arXiv id" in shown
        sent = {**inputs_of(looked), "what": text, "add": "yes"}
        assert sent["take"] == ["1", "4", "5", "6"]
        left, _ = (client.post(page_of(reading_list), sent) for _ in range(2))
        assert targets_on(reading_list)[1:] == [
            ("paper", known.pk),
            ("prize", prize.pk),
            ("entry", entry.pk),
            ("url", "https://example.org/cats"),
        ]
        assert "no idea" in left.content.decode(), "what could not be read is left to be put right"
        assert "Line 2: No arXiv id" in left.text, "where it stands now"
        undo = re.findall(r'action="([^"]*/undo/)"', left.content.decode())
        client.post(undo[0])
        assert targets_on(reading_list) == [("paper", standing.paper_id)]

    def test_what_stands_there_already_is_added_again_if_that_is_asked_for(self, reading_list):
        put_on(reading_list, "https://example.org/a")
        section = add_section(reading_list, "A")
        client = signed_in(reading_list.owner)
        looked = client.post(page_of(reading_list), {"what": "https://example.org/a"})
        sent = {**inputs_of(looked), "what": "https://example.org/a", "add": "yes"}
        client.post(page_of(reading_list), sent)
        assert len(order_of(reading_list)) == 1
        client.post(page_of(reading_list), {**sent, "take": "1", "section": section.pk})
        assert [item.section_id for item in Item.objects.order_by("added_at")] == [None, section.pk]

    def test_lines_typed_over_after_the_look_are_looked_at_again(self, reading_list):
        client = signed_in(reading_list.owner)
        looked = client.post(page_of(reading_list), {"what": "https://example.org/a\nno idea"})
        sent = {**inputs_of(looked), "add": "yes"}
        again = client.post(page_of(reading_list), {**sent, "what": "https://example.org/b"})
        assert not Item.objects.exists()
        sent = {**inputs_of(again), "add": "yes"}
        client.post(page_of(reading_list), {**sent, "what": "https://example.org/b"})
        assert targets_on(reading_list) == [("url", "https://example.org/b")]

    def test_contributors_propose_and_viewers_do_not(self, reading_list):
        lists.change_list(reading_list.pk, reading_list.owner, None, visibility="members")
        sent = {"what": "https://example.org/a", "add": "yes"}
        for role, expected in (("contributor", 302), ("viewer", 403), ("editor", 302)):
            client = signed_in(join(reading_list, role))
            answer = client.post(page_of(reading_list), sent)
            assert answer.status_code == expected, role
        assert [item.is_proposed for item in Item.objects.all()] == [True]

    def test_too_much_is_a_mistake_in_the_form_and_soon_said(self, reading_list):
        client = signed_in(reading_list.owner)
        lines = "\n".join(f"https://example.org/{n}" for n in range(MOST_LINES + 1))
        for text in ("x" * 1_000_000, lines, " \n "):
            started = time.perf_counter()
            answer = client.post(page_of(reading_list), {"what": text, "add": "yes"})
            assert time.perf_counter() - started < 1
            assert answer.status_code == 400
        assert not Item.objects.exists()

    def test_all_that_can_be_pasted_can_be_ticked(self, reading_list):
        sent = {"what": "no idea", "take": range(MOST_LINES), "add": "yes"}
        assert signed_in(reading_list.owner).post(page_of(reading_list), sent).status_code == 302

    def test_a_list_deleted_in_another_tab_keeps_what_was_pasted(self, reading_list):
        lists.trash_list(reading_list.pk, reading_list.owner)
        client = signed_in(reading_list.owner)
        answer = client.post(page_of(reading_list), {"what": "2303.08112 precious", "add": "yes"})
        assert answer.status_code == 404
        assert "2303.08112 precious" in answer.content.decode()

    def test_a_thousand_lines_take_as_many_queries_as_one(self, reading_list):
        client = signed_in(reading_list.owner)
        counted = []
        for count in (1, 500):
            text = "\n".join(f"https://example.org/{count}/{n}" for n in range(count))
            with CaptureQueriesContext(connection) as queries:
                client.post(page_of(reading_list), {"what": text, "add": "yes"})
            counted.append(len(queries))
        assert len(order_of(reading_list)) == 501
        assert counted[1] <= counted[0] + 3, counted


@pytest.mark.django_db
class TestChoosing:
    @pytest.fixture
    def reader(self):
        return UserFactory()

    def sent(self, client, **named) -> dict[str, list[str]]:
        return inputs_of(client.get(f"{ADD}?{urlencode(named, doseq=True)}"))

    def test_lists_that_hold_it_say_so_before_it_is_added_once(self, reader):
        paper, prize = PaperFactory(), PrizeFactory()
        holding, other = make_list(reader, "Holding"), make_list(reader, "Other")
        shared = make_list(title="Shared", visibility="members")
        join(shared, "contributor", reader)
        viewed = make_list(title="Only viewed", visibility="members")
        join(viewed, "viewer", reader)
        make_list(title="A stranger's", visibility="public")
        put_on(holding, paper)
        client = signed_in(reader)
        page = client.get(f"{ADD}?paper={paper.pk}").content.decode()
        labels = re.findall(r'<label for="list-[^"]*">(.*?)</label>', page, re.DOTALL)
        told = {" ".join(re.sub("<[^>]*>", " ", label).split()) for label in labels}
        assert told == {
            "Holding already in this list",
            "Other",
            "Shared as a proposal",
            "A new list",
        }
        sent = self.sent(client, paper=paper.pk, prize=prize.pk)
        assert sent["thing"] == [f"paper:{paper.pk}", f"prize:{prize.pk}"]
        for each in (holding, other, shared):
            for _ in range(2):
                client.post(ADD, {**sent, "list": each.pk})
            sent = self.sent(client, paper=paper.pk, prize=prize.pk)
        both = [("paper", paper.pk), ("prize", prize.pk)]
        assert [targets_on(each) for each in (holding, other, shared)] == [both] * 3
        assert all(item.is_proposed for item in shared.items.all())

    def test_a_new_list_is_made_once_with_what_it_was_made_for(self, reader):
        client, paper = signed_in(reader), PaperFactory()
        sent = self.sent(client, paper=paper.pk)
        assert client.post(ADD, {**sent, "list": "new", "new_title": " "}).status_code == 400
        for _ in range(2):
            client.post(ADD, {**sent, "list": "new", "new_title": "Of quokkas"})
        [made] = ReadingList.objects.all()
        assert (made.title, made.visibility) == ("Of quokkas", "private")
        assert targets_on(made) == [("paper", paper.pk)]

    def test_a_page_somewhere_comes_with_its_title_or_as_the_paper_it_is(self, reader):
        client, paper = signed_in(reader), PaperFactory()
        IdentifierFactory(paper=paper, scheme="arxiv", value="2303.08112")
        for named, thing in (
            ({"url": "https://arxiv.org/pdf/2303.08112v1"}, f"paper:{paper.pk}"),
            ({"text": "Look: https://example.org/a."}, "url:https://example.org/a"),
            ({"url": "https://example.org/b", "title": "B"}, "url:https://example.org/b"),
        ):
            assert self.sent(client, **named)["thing"] == [thing]
        sent = self.sent(client, url="https://example.org/b", title="B")
        made = make_list(reader)
        client.post(ADD, {**sent, "list": made.pk})
        assert Item.objects.get().title == "B"
        for bad in ("javascript:alert(1)", "file:///etc/passwd", "x" * 10_000, "\0"):
            page = client.get(f"{ADD}?{urlencode({'url': bad})}").content.decode()
            assert "There is nothing here to add" in page

    def test_a_section_brings_its_papers_or_its_entries(self, reader):
        section = SectionFactory()
        first, second = (EntryFactory(issue=section.issue, section=section) for _ in range(2))
        link = LinkFactory(entry=first, paper=PaperFactory(), role=Link.Role.PRIMARY)
        hidden = PaperFactory(is_hidden=True)
        LinkFactory(entry=second, paper=hidden, role=Link.Role.PRIMARY)
        client = signed_in(reader)
        papers = self.sent(client, section=section.pk)["thing"]
        assert papers == [f"paper:{link.paper_id}", f"entry:{second.pk}"]
        entries = self.sent(client, section=section.pk, **{"as": "entries"})["thing"]
        assert entries == [f"entry:{first.pk}", f"entry:{second.pk}"]

    def test_what_one_may_not_see_is_as_if_it_were_not_there(self, reader):
        hidden, theirs = PaperFactory(is_hidden=True), make_list(visibility="public")
        own = make_list(reader)
        client = signed_in(reader)
        missing = client.get(f"{ADD}?paper={hidden.pk + 99}").content
        assert client.get(f"{ADD}?paper={hidden.pk}").content.count(b"<li>") == missing.count(
            b"<li>"
        )
        client.post(ADD, {"thing": f"paper:{hidden.pk}", "list": own.pk})
        shown = PaperFactory()
        stranger = client.post(ADD, {"thing": f"paper:{shown.pk}", "list": theirs.pk})
        nowhere = client.post(ADD, {"thing": f"paper:{shown.pk}", "list": reader.public_id})
        assert stranger.status_code == nowhere.status_code == 404
        assert not Item.objects.exists()

    def test_looking_adds_nothing_and_strangers_are_asked_to_sign_in(self, reader):
        client, paper = signed_in(reader), PaperFactory()
        make_list(reader)
        client.get(f"{ADD}?paper={paper.pk}&list=new&new_title=X")
        assert not Item.objects.exists()
        answer = Client().get(f"{ADD}?paper={paper.pk}")
        assert answer.url.endswith(f"%3Fpaper%3D{paper.pk}"), "what was to be added is kept"

    def test_many_lists_take_as_many_queries_as_one(self, reader):
        client, paper = signed_in(reader), PaperFactory()
        counted = []
        for _ in range(2):
            for number in range(5):
                put_on(make_list(reader, f"List {number}"), paper)
            client.get(f"{ADD}?paper={paper.pk}")
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{ADD}?paper={paper.pk}")
            counted.append(len(queries))
        assert counted[0] == counted[1] <= 10
