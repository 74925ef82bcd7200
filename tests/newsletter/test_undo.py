"""Taking imports back: what they made goes, what they changed is as before, what people built
on stays and is named."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from imports import runs
from imports.models import ImportRow, ImportRun
from imports.undo import CannotUndo, undo
from newsletter.models import Entry, Issue, IssueSource, Link, Publication
from papers.models import Paper, Topic
from prizes.models import Prize
from readinglists.models import Item, ReadingList
from tests.newsletter.lines import TEXT, record, tables

PRIZE = """
## News

### **The Sturdy Prize**

**[[Link](https://prize.example.org/)]** A competition with a prize pool of $50,000 for sturdy
models. Submissions are due May 31st, 2023.
"""


@pytest.fixture
def reading_list(db) -> ReadingList:
    owner = User.objects.create_user("owner", "owner@example.org")
    return ReadingList.objects.create(
        title="To read", slug="to-read", owner=owner, updated_at=timezone.now()
    )


def put_on(reading_list: ReadingList, **target) -> Item:
    return Item.objects.create(
        reading_list=reading_list,
        position=reading_list.items.count(),
        added_by=reading_list.owner,
        title="An item",
        **target,
    )


def as_shown(exclude=("updated_at", "created_at", "withdrawn_at")) -> dict[str, list[dict]]:
    """The catalogue without histories, clocks and what is withdrawn."""
    return {
        name: [
            {field: value for field, value in row.items() if field not in exclude}
            for row in there
            if row.get("withdrawn_at") is None
        ]
        for name, there in tables().items()
        if "Historical" not in name
    }


class TestCreated:
    def test_everything_a_run_made_goes(self, desk):
        run = desk.take(record(1), record(2, text=TEXT + PRIZE)).run
        assert Prize.objects.exists()

        done = undo(run)

        assert (done.taken_back, done.stay) == (2, [])
        for model in (Issue, Entry, Link, IssueSource, Paper, Topic, Publication, Prize):
            assert not model.objects.exists(), model
        run.refresh_from_db()
        assert run.state == "undone"

    def test_the_same_file_comes_in_again_afterwards(self, desk):
        undo(desk.take(record(1)).run)

        assert desk.take(record(1)).counts["created"] == 1

    def test_what_another_import_needs_stays(self, desk):
        first = desk.take(record(1)).run
        second = desk.take(record(2)).run

        assert undo(first).stay == []

        assert [*Issue.objects.values_list("number", flat=True)] == [2]
        assert Paper.objects.count() == 4
        assert undo(second).stay == []
        assert not Paper.objects.exists()


class TestChanged:
    def test_an_updated_issue_is_as_it_was(self, desk):
        desk.take(record(1, text=TEXT + PRIZE))
        before = as_shown()
        lines = TEXT.splitlines()
        changed = "\n".join([*lines[:-2], *PRIZE.splitlines(), lines[-1], "* A new bullet."])

        run = desk.take(record(1, title="Sturdy Newsletter #1!", text=changed)).run
        assert as_shown() != before
        assert undo(run).stay == []

        after = as_shown()
        for name in ("newsletter.Issue", "newsletter.Entry", "newsletter.Section"):
            assert after[name] == before[name], name
        for name in ("newsletter.Link", "newsletter.Image", "newsletter.IssueSource"):
            assert after[name] == before[name], name

    def test_undo_can_be_undone_by_importing_again(self, desk):
        desk.take(record(1))
        changed = record(1, text=TEXT.replace("sturdy models", "sturdier models"))
        run = desk.take(changed).run
        with_change = as_shown()

        undo(run)
        desk.take(changed)

        assert as_shown() == with_change

    def test_a_cross_post_is_forgotten(self, desk):
        desk.take(record(1))
        run = desk.take(record(1, id="forum", source="lesswrong", url=None)).run
        assert IssueSource.objects.count() == 2

        assert undo(run).taken_back == 1

        assert [*IssueSource.objects.values_list("source_id", flat=True)] == ["id-1"]


class TestBuiltOn:
    def test_a_list_item_on_an_entry_holds_the_row_and_is_named(self, desk, reading_list):
        run = desk.take(record(1), record(2)).run
        entry = Entry.objects.filter(issue__number=1).first()
        item = put_on(reading_list, entry=entry)
        before = Entry.objects.filter(issue__number=1).count()

        done = undo(run)

        assert done.taken_back == 1
        ((row, reason),) = done.stay
        assert row.line == 1
        assert reason == f"entry “{entry.headline}” is used by item “An item”"
        assert Entry.objects.filter(issue__number=1).count() == before
        assert not Issue.objects.filter(number=2).exists()

        item.delete()
        assert undo(run).taken_back == 1
        assert not Issue.objects.exists()

    def test_a_list_item_on_a_paper_holds_the_row_that_filed_it(self, desk, reading_list):
        run = desk.take(record(1), record(2)).run
        put_on(reading_list, paper=Paper.objects.first())

        (stays,) = undo(run).stay

        assert stays[0].line == 1
        assert "paper “" in stays[1]

    def test_a_later_edit_holds_the_row(self, desk):
        run = desk.take(record(1)).run
        entry = Entry.objects.first()
        entry.headline = "Edited by hand"
        entry.save()

        (stays,) = undo(run).stay

        assert stays[1] == "entry “Edited by hand” was changed since"
        assert Issue.objects.exists()

    def test_a_later_import_holds_the_row_until_it_is_taken_back(self, desk):
        first = desk.take(record(1)).run
        second = desk.take(record(1, title="Sturdy Newsletter #1!")).run

        assert len(undo(first).stay) == 1
        assert undo(second).stay == []
        assert undo(first).stay == []
        assert not Issue.objects.exists()

    def test_a_row_that_stays_leaves_no_half_of_itself_undone(self, desk, reading_list):
        run = desk.take(record(1, text=TEXT + PRIZE)).run
        put_on(reading_list, entry=Entry.objects.first())
        before = tables()

        undo(run)

        assert tables() == before


class TestCommand:
    def test_it_names_what_stays(self, desk, reading_list):
        run = desk.take(record(1), record(2)).run
        put_on(reading_list, entry=Entry.objects.filter(issue__number=2).first())
        out = io.StringIO()

        call_command("undo_import", "latest", stdout=out)

        lines = out.getvalue().splitlines()
        assert lines[0].startswith(f"line 2 of {desk.folder}/letters.jsonl stays: entry “")
        assert lines[1] == f"{run.pk}: 1 taken back, 1 stay"

    @pytest.mark.parametrize("name", ["latest", "nonsense", "00000000-0000-0000-0000-000000000000"])
    def test_a_run_that_is_none_is_said_to_be_none(self, db, name):
        with pytest.raises(CommandError, match="There is no import"):
            call_command("undo_import", name)

    def test_a_run_at_work_is_not_taken_back(self, db):
        run = runs.begin("newsletter", "letters.jsonl", {})

        with pytest.raises(CannotUndo):
            undo(run)
        with pytest.raises(CommandError, match="still running"):
            call_command("undo_import", str(run.pk))


def test_rows_of_an_undone_run_are_kept(desk):
    run = desk.take(record(1), "broken").run

    undo(run)

    assert ImportRow.objects.filter(run=run).count() == 2
    assert ImportRun.objects.get().undone_at is not None
