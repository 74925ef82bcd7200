"""The commands as people type them."""

import io
import json
import re
import sys

import pytest
from django.core.management import CommandError, call_command

from imports.models import ImportRun
from newsletter.models import Issue
from tests.factories import IssueFactory, PublicationFactory
from tests.newsletter.lines import TEXT, dumped, record


def command(name: str, *arguments: object) -> str:
    out = io.StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


class TestImport:
    def test_it_ends_with_the_run_and_counts_by_outcome(self, desk):
        output = command("import_newsletter", desk.file(dumped(record(1), record(1))))

        assert output.splitlines()[-1] == (
            f"{ImportRun.objects.get().pk}: "
            "created 1 updated 0 unchanged 0 duplicate 1 skipped 0 rejected 0"
        )

    def test_each_reason_to_skip_is_told_once_with_its_count(self, desk):
        desk.take(record(1))
        path = desk.file(dumped(record(2), record(3), record(4, source="arxiv", title="A")))
        output = command("import_newsletter", path, "--publication", "nope")
        assert "Skipped: an issue of Sturdy Newsletter, not of " in output
        assert output.count("(2 times)") == 1
        assert output.count("Skipped: ") == 2
        assert "skipped 3" in output

    def test_a_publication_that_is_new_is_announced(self, desk):
        path = desk.file(dumped(record(1), record(2)))
        words = "Publication Sturdy Newsletter (sturdy-newsletter) is new: "
        assert f"{words}would be created." in command("import_newsletter", path, "--dry-run")
        assert f"{words}created." in command("import_newsletter", path)
        assert "is new" not in command("import_newsletter", path)

    def test_several_files_are_one_run(self, desk):
        one = desk.file(dumped(record(1)), "one.jsonl")
        two = desk.file(dumped(record(2)), "two.jsonl")

        command("import_newsletter", one, two)

        assert ImportRun.objects.get().counts == {"created": 2}

    def test_a_missing_file_among_several_imports_nothing(self, desk):
        with pytest.raises(CommandError, match="does not exist"):
            command("import_newsletter", desk.file(dumped(record(1))), desk.folder / "missing")

        assert not Issue.objects.exists()

    def test_the_report_has_a_line_a_row(self, desk):
        report = desk.folder / "report.jsonl"
        path = desk.file(dumped(record(1), "broken", record(2, source="arxiv", title="A")))

        with pytest.raises(SystemExit):
            command("import_newsletter", path, "--report", report)

        lines = [json.loads(line) for line in report.read_text().splitlines()]
        assert [(line["line"], line["outcome"], line["id"]) for line in lines] == [
            (1, "created", "id-1"),
            (2, "rejected", None),
            (3, "skipped", "id-2"),
        ]
        assert lines[0]["reason"] is None
        assert lines[1]["reason"].startswith("invalid JSON")
        assert lines[0]["became"] == {"kind": "issue", "key": str(Issue.objects.get().pk)}

    def test_a_dry_run_reports_too_and_saves_nothing(self, desk):
        report = desk.folder / "report.jsonl"

        command("import_newsletter", desk.file(dumped(record(1))), "--dry-run", "--report", report)

        assert json.loads(report.read_text())["outcome"] == "created"
        assert not Issue.objects.exists()

    def test_a_report_that_cannot_be_written_stops_the_run_before_it_starts(self, desk):
        path = desk.file(dumped(record(1)))

        with pytest.raises(CommandError, match="The report cannot be written"):
            command("import_newsletter", path, "--report", desk.folder / "no" / "report")

        assert not ImportRun.objects.exists()

    def test_a_slug_that_is_none_is_refused(self, desk):
        with pytest.raises(CommandError, match="is no slug"):
            command("import_newsletter", desk.file(b""), "--publication", "../x")

    def test_many_rejected_lines_are_not_all_printed(self, desk):
        out = io.StringIO()
        with pytest.raises(SystemExit) as caught:
            call_command("import_newsletter", str(desk.file(b"x\n" * 50)), stdout=out, stderr=out)

        assert caught.value.code == 2
        assert out.getvalue().count("Rejected: line") == 20
        assert "and 30 more; --report has all." in out.getvalue()

    def test_there_is_a_bar_on_a_terminal_only(self, desk, monkeypatch):
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        for stream, shows in ((Terminal(), True), (io.StringIO(), False)):
            monkeypatch.setattr(sys, "stderr", stream)
            command("import_newsletter", desk.file(dumped(record(1))))
            assert ("%|" in stream.getvalue()) is shows


class TestDryRun:
    def test_it_shows_what_is_new(self, desk):
        output = command("import_newsletter", desk.file(dumped(record(1))), "--dry-run")

        assert "+ Sturdy Newsletter #1 (sturdy-1): 3 entries, 4 links, 0 images" in output
        assert output.splitlines()[-1].startswith("dry run, nothing saved: created 1 ")

    def test_it_shows_what_differs(self, desk):
        desk.take(record(1))
        text = TEXT.replace("says much", "says little").replace("abs/2101.00003", "abs/2101.00009")
        text = text.replace(
            "* **[[Link](https://arxiv.org/abs/2101.00004)]** Another brief thing was found.\n",
            "* **[[Link](https://arxiv.org/abs/2109.11111)]** Wholly unrelated.\n"
            "* **[[Link](https://arxiv.org/abs/2109.22222)]** Also new.\n",
        )

        output = command(
            "import_newsletter",
            desk.file(dumped(record(1, title="Sturdy Newsletter #1!", text=text))),
            "--dry-run",
        )

        for line in (
            "~ Sturdy Newsletter #1! (sturdy-1)",
            "  title: Sturdy Newsletter #1 -> Sturdy Newsletter #1!",
            "  -It says much about [earlier work](https://arxiv.org/abs/2101.00002).",
            "  +It says little about [earlier work](https://arxiv.org/abs/2101.00002).",
            "  ~ entry: A feature about sturdy models",
            "  + entry: Wholly unrelated",
            "  - entry withdrawn: Another brief thing was found",
            "  + link: Link https://arxiv.org/abs/2109.11111",
        ):
            assert line in output.splitlines()
        assert re.search("dry run, nothing saved: created 0 updated 1", output)
        assert Issue.objects.get().title == "Sturdy Newsletter #1"


class TestExport:
    def test_an_object_comes_out_to_the_byte_whatever_stood_around_it(self, desk):
        odd = '{"title":  "Sturdy \\u004eewsletter #1", "text": "a\\r\\nb\\u0000 \\ud83d\\ude00", '
        odd += '"source": "sturdy_newsletter", "n": 1.50, "deep": {"a": [1e5]}}'

        desk.take_bytes(b"\xef\xbb\xbf  " + odd.encode() + b" | |\r\n")

        assert command("export_newsletter") == f"{odd}\n"

    def test_an_issue_made_here_is_built_from_its_fields(self, db):
        publication = PublicationFactory(slug="ours", source="ours")
        issue = IssueFactory(
            publication=publication, title="Made here", markdown="Text…", source_id=None
        )

        built = json.loads(command("export_newsletter", "--publication", "ours"))

        assert (built["title"], built["text"], built["source"]) == ("Made here", "Text…", "ours")
        assert built["id"] == issue.slug

    def test_a_publication_that_is_none_is_named_with_those_there_are(self, db):
        PublicationFactory(slug="ours")

        with pytest.raises(CommandError, match="no publication theirs; there is: ours"):
            command("export_newsletter", "--publication", "theirs")

    def test_exported_issues_come_in_again_as_they_are(self, desk):
        desk.take(record(1), record(2))

        path = desk.file(command("export_newsletter").encode(), "export.jsonl")

        assert "unchanged 2" in command("import_newsletter", path)
