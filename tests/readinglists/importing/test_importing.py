"""Lists brought in: what becomes of each record, for whom, and how it is taken back."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.signals import account_deleted
from imports.jsonl import UnreadableSource
from imports.models import ImportRow, ImportRun
from imports.undo import undo
from papers.models import Identifier, Paper
from readinglists.editing.items import change_item
from readinglists.editing.writing import locked
from readinglists.importing import drafts, pace
from readinglists.importing.reading import read_text
from readinglists.importing.run import Imported, import_draft, look
from readinglists.models import Item, ListSection, Note, ReadingList
from tests.factories import EntryFactory, IdentifierFactory, PaperFactory, PrizeFactory, UserFactory
from tests.readinglists.exporting.samples import FULL_PAPER, document, item, note, section
from tests.readinglists.making import add_section, join, make_list, put_on, say

BOOKMARKS = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<DL><p>
  <DT><A HREF="https://example.org/loose" TAGS="one,two">Loose</A>
  <DT><H3>To read</H3>
  <DL><p>
    <DT><A HREF="https://arxiv.org/abs/2101.00001">A preprint</A>
    <DD>Said of it.
    <DT><A HREF="javascript:alert(1)">A trick</A>
    <DT><A HREF="https://example.org/page" TAGS="three">A page</A>
  </DL><p>
</DL><p>
"""


def bring(text: str, user, **how) -> Imported:
    return import_draft(read_text("a file", text), user, name="a file", **how)


def outcomes(done: Imported) -> list[str]:
    return [str(plan.outcome) for plan in done.plans]


# --- Reading ------------------------------------------------------------------------------------
@pytest.mark.one_database
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{\n"format": "shortlist/list",\n"items": [{]}', "line 3"),
        ('{"format": "shortlist/list", "format_version": 99}', "version 99"),
        ('{"format": "shortlist/list", "format_version": 1, "title": 7}', "title is no text"),
        ('{"format": "shortlist/list", "format_version": 1, "items": {}}', "items"),
        ('{"format": "shortlist/list", "format_version": 1, "title": "a", "title": "b"}', "title"),
        ('{"format": "shortlist/list", "items": ' + "[" * 100_000, "eeper"),
        ('<?xml version="1.0"?><rdf:RDF xmlns:z="http://www.zotero.org/">', "Zotero RDF"),
        ("<!DOCTYPE html><html><body><p>A page</p></body></html>", "a web page"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(text, words):
    with pytest.raises(UnreadableSource, match=words):
        read_text("a file", text)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "text",
    [
        '{"format": "shortlist/list", "format_version": 1, "items": [{}, {}, {}]}',
        "2212.03827\n2206.07682\n2206.15474",
        "title,url\na,https://a.example/\nb,\nc,",
    ],
)
def test_no_more_is_read_than_can_be_looked_up(text, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_RECORDS", 3)
    assert len(read_text("a file", text).items) == 3
    monkeypatch.setattr(drafts, "MOST_RECORDS", 2)
    with pytest.raises(UnreadableSource, match="At most 2 records"):
        read_text("a file", text)


@pytest.mark.django_db
def test_an_unfit_item_costs_no_other_and_is_kept_with_its_line():
    unfit = [
        {"id": "x", "notes": []},
        {"url": "https://a.example/", "paper": {}},
        {"url": "javascript:alert(1)", "notes": []},
        {"paper": {"citation_key": "a"}},
        {"paper": {"title": "No address at all"}},
        {"url": "https://a.example/", "notes": [{"markdown": "x" * 50_001}]},
        {"url": "https://a.example/", "notes": [{"markdown": "x", "audience": "all"}]},
        {"entry": {"issue": "a"}},
        "nothing",
    ]
    lines = ",\n".join(json.dumps(each) for each in [*unfit, {"url": "https://b.example/"}])
    text = '{"format": "shortlist/list", "format_version": 1, "title": "T", "items": [\n%s\n]}'
    done = bring(text % lines, UserFactory())

    assert outcomes(done) == ["rejected"] * len(unfit) + ["created"]
    rows = ImportRow.objects.filter(run=done.run, outcome="rejected")
    assert rows.count() == len(unfit)
    assert all(bytes(row.raw) and row.reason for row in rows)
    assert [each.url for each in done.reading_list.items.all()] == ["https://b.example/"]


@pytest.mark.django_db
def test_folders_of_bookmarks_become_sections_and_descriptions_private_notes():
    paper = IdentifierFactory(scheme="arxiv", value="2101.00001").paper
    done = bring(BOOKMARKS, UserFactory())

    assert sorted(outcomes(done)) == ["created", "created", "created", "skipped"]
    told = done.reading_list.items.order_by("position")
    shown = [(each.section.title if each.section else None, each.paper, each.url) for each in told]
    assert shown == [
        (None, None, "https://example.org/loose"),
        ("To read", paper, None),
        ("To read", None, "https://example.org/page"),
    ]
    [said] = Note.objects.all()
    assert (said.markdown, said.audience, said.credit) == ("Said of it.", "private", None)


# --- What is here -------------------------------------------------------------------------------
@pytest.mark.django_db
def test_things_that_are_here_are_found_and_others_kept_as_what_they_stand_for():
    entry, prize = EntryFactory(), PrizeFactory()
    by_key = PaperFactory(title="By its key", citation_key="doe2022key")
    named = IdentifierFactory(scheme="doi", value="10.1000/x").paper
    hidden = PaperFactory(is_hidden=True, title="Hidden")
    IdentifierFactory(paper=hidden, scheme="doi", value="10.1000/hidden")
    target = {"title": "Hidden", "identifiers": ["doi:10.1000/hidden"]}
    text = json.dumps(
        document(
            [
                item(1, entry={"issue": entry.issue.slug, "anchor": entry.anchor, "headline": "H"}),
                item(2, prize={"slug": prize.slug, "name": "P"}),
                item(3, paper={"title": "By its key", "citation_key": "doe2022key"}),
                item(4, paper=FULL_PAPER),
                item(5, paper=target),
                item(
                    6,
                    entry={
                        "issue": "no",
                        "anchor": "no",
                        "headline": "H",
                        "url": "https://e.example/",
                    },
                ),
            ]
        )
    )
    done = bring(text, UserFactory())

    shown = list(done.reading_list.items.order_by("position"))
    assert [each.entry or each.prize or each.paper or each.url for each in shown] == [
        entry,
        prize,
        by_key,
        named,
        "https://doi.org/10.1000/hidden",
        "https://e.example/",
    ]
    assert shown[4].stands_for["target"]["paper"] == target
    assert not Paper.objects.filter(title=FULL_PAPER["title"]).exists()
    # A maintainer sees the hidden one, and files what is nowhere.
    done = bring(text, UserFactory(is_staff=True, is_superuser=True))
    assert done.reading_list.items.filter(paper=hidden).exists()


@pytest.mark.django_db
def test_papers_are_filed_once_by_those_who_may_with_all_that_is_known_of_them():
    bibtex = "@article{a, title={New work}, author={Doe, Jane}, doi={10.1000/new}, groups={G}}\n"
    done = bring(bibtex * 2, UserFactory(is_staff=True, is_superuser=True))

    assert outcomes(done) == ["created", "duplicate"]
    [paper] = Paper.objects.all()
    assert done.reading_list.items.get().paper == paper
    assert Identifier.objects.get().value == "10.1000/new"
    assert ListSection.objects.get().title == "G"


@pytest.mark.django_db
def test_an_address_of_no_known_place_of_research_is_no_new_paper_whoever_pastes_it():
    maintainer = UserFactory(is_staff=True, is_superuser=True)
    done = bring("https://example.org/a\nhttps://arxiv.org/abs/2009.03300\n", maintainer)

    page, paper = done.reading_list.items.order_by("position")
    assert (page.url, page.paper) == ("https://example.org/a", None)
    assert paper.paper == Paper.objects.get()


@pytest.mark.django_db
def test_into_a_list_that_is_there_goes_only_what_is_not_on_it_yet():
    editor = UserFactory()
    made = make_list(visibility="members")
    join(made, "editor", editor)
    there = add_section(made, "Same")
    put_on(made, "https://a.example/", section=there.pk)
    told = section(
        1,
        "Same",
        "",
        item(1, note("n"), url="https://a.example/"),
        item(2, url="https://b.example/"),
    )
    text = json.dumps(
        document([], [told, section(2, "Other", "", item(3, url="https://c.example/"))])
    )
    seen = look(read_text("a file", text), editor, made)
    assert outcomes(seen) == ["duplicate", "created", "created"]
    assert Item.objects.count() == 1

    done = bring(text, editor, into=made)
    shown = [(each.url, each.section.title) for each in made.items.order_by("position")]
    assert shown == [
        ("https://a.example/", "Same"),
        ("https://b.example/", "Same"),
        ("https://c.example/", "Other"),
    ]
    assert made.events.filter(verb="imported").count() == 1

    # Undo leaves what somebody worked on since, and names it.
    kept = made.items.get(url="https://c.example/")
    with locked(made.pk) as held:
        change_item(held, editor, kept.pk, title="Mine now")
    undone = undo(done.run)
    assert undone.taken_back == 1
    reasons = sorted(reason for _, reason in undone.stay)
    assert reasons == [
        "the section “Other” is in use",
        "“Mine now” was moved, changed or annotated since",
    ]
    standing = made.items.filter(deleted_at=None)
    assert sorted(each.url for each in standing) == ["https://a.example/", "https://c.example/"]


@pytest.mark.django_db
def test_a_list_that_came_in_goes_to_the_trash_again_unless_it_was_worked_on():
    user, other = UserFactory(), UserFactory()
    text = json.dumps(document([item(1, note("n"), url="https://a.example/")], [section(1, "S")]))
    first, second = bring(text, user), bring(text, user)
    assert undo(first.run).stay == []
    assert ReadingList.objects.get(pk=first.reading_list.pk).deleted_at
    assert ImportRun.objects.get(pk=first.run.pk).state == "undone"
    # Ids were taken the second time.
    assert first.reading_list.items.get().pk != second.reading_list.items.get().pk

    join(second.reading_list, "viewer", other)
    say(second.reading_list.items.get(), other, "for me", "private")
    stay = [reason for _, reason in undo(second.run).stay]
    assert len(stay) == 2
    assert not ReadingList.objects.get(pk=second.reading_list.pk).deleted_at


@pytest.mark.django_db
def test_what_a_file_said_is_its_importers_alone_and_goes_with_their_account():
    user, staff = UserFactory(), UserFactory(is_staff=True, is_superuser=True)
    run = bring(json.dumps(document([item(1, note("mine"), url="https://a.example/")])), user).run
    assert list(ImportRun.objects.visible_to(user)) == [run]
    assert not ImportRun.objects.visible_to(staff).exists()
    client = Client()
    client.force_login(staff)
    row = run.rows.get(kind="list item")
    for place in (f"importrun/{run.pk}", f"importrow/{row.pk}"):
        assert client.get(f"/admin/imports/{place}/change/").status_code == 302

    account_deleted.send(sender=type(user), user=user)
    assert not ImportRow.objects.exists()


# --- Faces --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_by_form_a_file_is_looked_at_then_imported_but_for_what_was_left_out():
    client, user = Client(), UserFactory()
    assert client.get("/lists/import/").status_code == 302
    client.force_login(user)
    text = json.dumps(
        document([item(1, url="https://a.example/"), item(2, url="https://b.example/")])
    )
    page = client.post("/lists/import/", {"file": SimpleUploadedFile("a.json", text.encode())})
    assert page.status_code == 200
    assert ReadingList.objects.count() == 0
    token = page.context["token"]
    sent = {"token": token, "title": "Mine", "shown": ["1", "2"], "keep": ["2"]}
    stranger = Client()
    stranger.force_login(UserFactory())
    stranger.post("/lists/import/", sent)
    assert ReadingList.objects.count() == 0

    done = client.post("/lists/import/", sent)
    [made] = ReadingList.objects.all()
    assert (made.owner, made.title, made.visibility) == (user, "Mine", "private")
    assert made.items.get().url == "https://b.example/"
    assert "https://b.example/" in client.get(done.url).text
    assert stranger.get(done.url).status_code == 404
    assert stranger.post(f"{done.url}undo/").status_code == 404
    client.post(f"{done.url}undo/")
    made.refresh_from_db()
    assert made.deleted_at
    assert client.post("/lists/import/", {"text": "<?xml version='1.0'?><a/>"}).status_code == 400
    pasted = client.post("/lists/import/", {"text": "https://a.example/"})
    assert pasted.context["title"].startswith("Pasted on ")
    bare = client.post("/lists/import/", {"text": "@comment{x}\n@book{a, title={On bees}}"})
    assert "Line 2: “On bees” is not here, and has neither a DOI" in bare.text
    assert '<p class="row-title small" dir="auto">Line 1</p>' in bare.text
    foreign = make_list(visibility="public")
    answer = client.post("/lists/import/", {"text": "10.1000/x", "into": str(foreign.pk)})
    assert answer.status_code == 400


@pytest.mark.django_db
def test_nobody_has_more_read_than_a_worker_has_time_for(monkeypatch):
    from tests.readinglists.api.conftest import Caller

    monkeypatch.setattr(pace, "READINGS", (2, 600))
    user = UserFactory()
    client, caller = Client(), Caller(user)
    client.force_login(user)
    sent = {"text": "https://a.example/"}

    assert client.post("/lists/import/", sent).status_code == 200
    assert caller.send("POST", "/api/v1/list-imports/", sent | {"preview": True}).status_code == 200
    refused = client.post("/lists/import/", sent)
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
    refused = caller.send("POST", "/api/v1/list-imports/", sent)
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
    assert client.get("/lists/import/").status_code == 200
    assert Caller(UserFactory()).send("POST", "/api/v1/list-imports/", sent).status_code == 201


@pytest.mark.django_db
def test_over_the_api_a_list_is_looked_at_imported_and_taken_back():
    from tests.readinglists.api.conftest import Caller, codes

    caller, place = Caller(UserFactory()), "/api/v1/list-imports/"
    text = json.dumps(document([item(1, url="https://a.example/")]))
    seen = caller.send("POST", place, {"text": text, "preview": True})
    assert seen.status_code == 200, seen.content
    assert seen.json()["counts"]["created"] == 1
    assert ReadingList.objects.count() == 0
    made = caller.send("POST", place, {"text": text}, Idempotency_Key="k")
    assert made.status_code == 201, made.content
    row = made.json()
    assert row["rows"][-1]["item"] == str(ReadingList.objects.get().items.get().pk)
    assert caller.send("POST", place, {"text": text}, Idempotency_Key="k").json() == row
    assert codes(caller.send("POST", place, {"text": "<?xml?>"})) == {"text": "unreadable"}
    foreign = make_list(visibility="public")
    refused = caller.send("POST", place, {"text": text, "list": str(foreign.pk)})
    assert refused.status_code == 403
    hidden = caller.send("POST", place, {"text": text, "list": str(make_list().pk)})
    assert hidden.status_code == 404
    undone = caller.send("POST", f"{place}{row['id']}/undo/")
    assert undone.json()["stay"] == []
    assert ReadingList.objects.get(owner=caller.user).deleted_at
    limited = Caller(UserFactory(), only_list=foreign.pk)
    assert limited.send("POST", place, {"text": text}).status_code in (403, 404)
