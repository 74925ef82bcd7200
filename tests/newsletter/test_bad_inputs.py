"""Bad inputs 1-38, by their numbers. What concerns a cleaner alone is in tests/markup, what
concerns identifiers (33, 34) in tests/papers; here they meet the importer."""

import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from imports import runs
from imports.models import ImportRow, ImportRun
from newsletter.models import Entry, Issue, Link
from papers.models import Paper
from tests.newsletter.lines import TEXT, counts, dumped, outcomes, record, rows

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def run_command(*arguments: object) -> tuple[int, str]:
    """Exit status and all output of the command."""
    out = io.StringIO()
    try:
        call_command("import_newsletter", *map(str, arguments), stdout=out, stderr=out)
    except SystemExit as error:
        return error.code, out.getvalue()
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def reason_of(desk, line: bytes | str | dict) -> str:
    """Why a line between two good ones is rejected; the two come in, and nothing comes twice."""
    content = dumped(record(1), line, record(2))
    result = desk.take_bytes(content)
    assert outcomes(result) == ["created", "rejected", "created"]
    row = rows(result)[1]
    assert row.line == 2
    raw = line if isinstance(line, bytes) else dumped(line, end=b"")
    if len(raw) < 8_000_000:
        assert bytes(row.raw) == raw
    again = desk.take_bytes(content)
    assert outcomes(again) == ["unchanged", "rejected", "unchanged"]
    assert Issue.objects.count() == 2
    return row.reason


def test_bad_01_an_empty_file(desk):
    status, output = run_command(desk.file(b""))

    assert status == 0
    assert "letters.jsonl is empty: nothing to import." in output
    assert "created 0" in output


@pytest.mark.parametrize("name", ["missing.jsonl", "folder"])
def test_bad_02_a_file_that_is_none(desk, name):
    (desk.folder / "folder").mkdir()

    status, output = run_command(desk.folder / name)

    assert status == 1
    assert re.fullmatch(r"\S+ (does not exist|is a folder, not a file)\.", output)
    assert not ImportRun.objects.exists()


def test_bad_02_a_file_that_may_not_be_read(desk, monkeypatch):
    from pathlib import Path

    path = desk.file(b"{}")

    def refuse(self, *args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    status, output = run_command(path)

    assert (status, output) == (1, f"{path} may not be read by this user.")


def test_bad_03_a_byte_order_mark(desk):
    assert outcomes(desk.take_bytes(b"\xef\xbb\xbf" + dumped(record(1)))) == ["created"]


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_bad_04_other_line_ends(desk, end):
    result = desk.take_bytes(dumped(record(1), record(2), end=end))

    assert [(row.line, row.outcome) for row in rows(result)] == [(1, "created"), (2, "created")]


def test_bad_05_a_last_line_without_an_end(desk):
    assert outcomes(desk.take_bytes(dumped(record(1)).rstrip())) == ["created"]


def test_bad_06_blank_lines_keep_the_numbering(desk):
    result = desk.take("", record(1), "  \t", "", record(2))

    assert [(row.line, row.outcome) for row in rows(result)] == [(2, "created"), (5, "created")]


def test_bad_07_truncated_json_on_line_3(desk):
    path = desk.file(dumped(record(1), record(2), '{"title": "Sturdy', record(4)))

    status, output = run_command(path)

    assert status == 2
    assert f"Rejected: line 3 of {path}: invalid JSON" in output
    assert "created 3" in output
    row = ImportRow.objects.get(outcome="rejected")
    assert (row.line, bytes(row.raw)) == (3, b'{"title": "Sturdy')


def test_bad_07_every_line_broken(desk):
    result = desk.take("{", "}", "?")

    assert counts(result) == {"rejected": 3}


@pytest.mark.parametrize("line", ["[]", '"x"', "null", "3"])
def test_bad_08_no_object(desk, line):
    assert reason_of(desk, line).startswith("not an object")


def test_bad_09_duplicate_keys(desk):
    assert reason_of(desk, '{"title": "a", "title": "b"}') == "duplicate key 'title'"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_bad_10_numbers_that_are_none(desk, number):
    assert number in reason_of(desk, f'{{"x": {number}}}')


def test_bad_11_an_integer_of_5000_digits(desk):
    assert reason_of(desk, f'{{"x": {"7" * 5000}}}') == "an integer of 5,000 digits"


def test_bad_12_nesting_of_100_000(desk):
    assert "nested" in reason_of(desk, '{"x": ' + "[" * 100_000 + "]" * 100_000 + "}")


def test_bad_13_a_line_of_60_mb(desk):
    line = b'{"text": "' + b"x" * 60_000_000 + b'"}'

    status, output = run_command(desk.file(dumped(line, record(1))))

    assert status == 2
    row = ImportRow.objects.get(outcome="rejected")
    assert row.reason == "line too long: 60,000,012 bytes"
    assert bytes(row.raw) == line[:2048]
    assert row.sha256 == hashlib.sha256(line).hexdigest()
    assert "created 1" in output


def test_bad_14_invalid_utf_8(desk):
    assert reason_of(desk, b'{"title": "\xff"}').startswith(
        "not UTF-8: byte 0xff at byte offset 11 of the line"
    )


def test_bad_15_utf_16(desk):
    status, output = run_command(desk.file("{}".encode("utf-16")))

    assert status == 1
    assert "is not UTF-8 but UTF-16" in output


def test_bad_16_gzip_is_read(desk):
    path = desk.file(gzip.compress(dumped(record(1), record(2))), "letters.jsonl.gz")

    status, output = run_command(path)

    assert (status, Issue.objects.count()) == (0, 2)
    assert "created 2" in output


@pytest.mark.parametrize(
    ("content", "name"), [(b"PK\x03\x04", "a zip archive"), (b"%PDF-1.7", "a PDF")]
)
def test_bad_16_other_types_are_named(desk, content, name):
    status, output = run_command(desk.file(content + bytes(100)))

    assert status == 1
    assert f"letters.jsonl is {name}; JSON Lines" in output


@pytest.mark.parametrize("mark", ["\x00", "\x0b"])
def test_bad_17_control_characters_in_a_title(desk, mark):
    result = desk.take(record(1, title=f"Sturdy{mark} Newsletter #1"))

    assert Issue.objects.get().title == "Sturdy Newsletter #1"
    assert rows(result)[0].warnings == ["control characters removed from the title"]


def test_bad_18_a_lone_surrogate(desk):
    assert "lone surrogate" in reason_of(desk, '{"title": "\\ud800"}')


class TestBad19:
    def test_bad_19_the_post_title_stands_in(self, desk):
        desk.take(record(1, title=None, post_title="Sturdy Newsletter #7"))

        assert Issue.objects.get().number == 7

    def test_bad_19_the_first_heading_stands_in(self, desk):
        values = record(1, text="Hello.\n\nSturdy *letter* #8\n=====\n\nWords.")
        del values["title"]

        desk.take(values)

        assert Issue.objects.get().title == "Sturdy letter #8"

    def test_bad_19_nothing_stands_in(self, desk):
        reason = reason_of(desk, record(3, title="n/a", text="Plain words."))

        assert reason.startswith("title: missing")


def test_bad_20_unknown_fields(desk):
    result = desk.take(record(1, tags=["a"], karma=3, modified_at={"x": [1]}))

    assert Issue.objects.get().extra == {"tags": ["a"], "karma": 3, "modified_at": {"x": [1]}}
    assert rows(result)[0].warnings == [
        f"unknown field {name!r} kept" for name in ("tags", "karma", "modified_at")
    ]


@pytest.mark.parametrize(
    "fields", [{"year": "20x0"}, {"title": 3}, {"authors": {"a": 1}}, {"text": ["a"]}]
)
def test_bad_21_a_wrong_type(desk, fields):
    assert reason_of(desk, record(3, **fields)).startswith(f"{next(iter(fields))}: ")


@pytest.mark.parametrize("year", [0, -5, 99999, "0", "99999", 2023.5, True])
def test_bad_22_a_year_that_is_none(desk, year):
    assert reason_of(desk, record(3, year=year)).endswith("is no year")


@pytest.mark.parametrize("printed", ["2023-02-30", "2023-13-01", "yesterday", 1681228416000])
def test_bad_23_a_date_that_is_none(desk, printed):
    result = desk.take(record(1, date_published=printed))

    issue = Issue.objects.get()
    assert (issue.published_at, issue.published_raw) == (None, str(printed))
    assert "is no date; kept as it came" in rows(result)[0].warnings[0]


def test_bad_24_a_date_without_a_zone(desk):
    result = desk.take(record(1, date_published="2023-04-11T15:53:36"))

    assert Issue.objects.get().published_at.isoformat() == "2023-04-11T15:53:36+00:00"
    assert "taken as UTC" in rows(result)[0].warnings[0]


def test_bad_25_the_same_record_twice(desk):
    result = desk.take(record(1), record(1), dumped(record(1), end=b"") + b" | |")

    assert outcomes(result) == ["created", "duplicate", "duplicate"]
    assert rows(result)[1].reason == "the same as line 1"
    assert Issue.objects.count() == 1
    assert outcomes(desk.take(record(1), record(1))) == ["unchanged", "duplicate"]


def test_bad_26_the_same_id_with_other_content(desk):
    desk.take(record(1))

    result = desk.take(record(1, title="Sturdy Newsletter #1, corrected", text=TEXT + "More."))

    assert outcomes(result) == ["updated"]
    issue = Issue.objects.get()
    assert issue.title == "Sturdy Newsletter #1, corrected"
    old = issue.history.earliest()
    assert (old.title, old.markdown) == ("Sturdy Newsletter #1", TEXT)
    assert old.history_change_reason.startswith("import ")


def test_bad_26_a_paper_with_the_id_of_an_issue_leaves_it_alone(desk):
    paper = record(1, source="arxiv", title="A paper", text="Of its own.")

    assert outcomes(desk.take(record(1), paper)) == ["created", "skipped"]
    assert outcomes(desk.take(record(1), paper)) == ["unchanged", "skipped"]
    assert Issue.objects.get().title == "Sturdy Newsletter #1"


def test_bad_27_a_second_run_at_once(desk, monkeypatch):
    monkeypatch.setattr(runs, "PATIENCE", 0)
    runs.begin("newsletter", "other.jsonl", {})

    status, output = run_command(desk.file(dumped(record(1))))

    assert status == 3
    assert output == "Another newsletter import is running."
    assert not Issue.objects.exists()


def test_bad_29_a_full_disk(desk, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("newsletter.importer.settling.save_parts", full)

    status, output = run_command(desk.file(dumped(record(1))))

    assert (status, output) == (1, "database or disk is full")
    assert not Issue.objects.exists()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "java\tscript:x", "data:text/html,x"])
def test_bad_30_an_unsafe_address(desk, url):
    text = f"## News\n\n**A thing** with [a link]({url.replace(chr(9), '')}).\n"
    result = desk.take(record(1, url=url, text=text))

    issue = Issue.objects.get()
    assert outcomes(result) == ["created"]
    assert (issue.url, issue.source_url) == (None, url.replace("\t", " "))
    assert "url is not safe to follow; kept as text" in rows(result)[0].warnings
    assert [link.href for link in Link.objects.all()] == [None] * Link.objects.count()
    assert "href" not in issue.html


def test_bad_31_a_text_over_the_limit(desk):
    text = TEXT + "Plain words all the way. " * 45_000
    result = desk.take(record(1, text=text))

    issue = Issue.objects.get()
    assert issue.markdown == text
    assert issue.html.startswith('<pre class="plain-text">Welcome')
    assert "shown as plain text" in rows(result)[0].warnings[-1]


def test_bad_32_a_text_made_to_hang_the_renderer(desk):
    text = "[" * 20_000
    desk.take(record(1, text=text))

    issue = Issue.objects.get()
    assert issue.markdown == text
    assert issue.html == f'<pre class="plain-text">{text}</pre>'


@pytest.mark.parametrize(
    "urls",
    [
        ["https://doi.org/10.1000/XYZ", "https://dx.doi.org/10.1000/xyz"],
        ["https://arxiv.org/abs/2101.00001v3", "https://arxiv.org/pdf/2101.00001.pdf"],
    ],
    ids=["bad_33", "bad_34"],
)
def test_bad_33_and_34_one_paper_under_many_addresses(desk, urls):
    bullets = "".join(f"* **[[Link]({url})]** Thing {n}.\n" for n, url in enumerate(urls))

    desk.take(record(1, text=f"### Other Robustness News\n\n{bullets}"))

    assert Paper.objects.count() == 1
    versions = [*Link.objects.order_by("position").values_list("version", flat=True)]
    assert versions == ([3, None] if "arxiv" in urls[0] else [None, None])


@pytest.mark.parametrize("title", ["   ", "\u200b\u2060", "\u00a0\u3164"])
def test_bad_35_a_title_nobody_sees(desk, title):
    assert reason_of(desk, record(3, title=title)) == "title: nothing in it is visible"


def test_bad_36_a_title_over_the_limit(desk):
    assert "301 characters, of at most 300" in reason_of(desk, record(3, title="x" * 301))


def test_bad_37_a_path_for_a_slug(desk):
    desk.take(record(1, id="../../etc/passwd", url="https://x.example.org/..%2f..%2fetc%2fpasswd"))

    issue = Issue.objects.get()
    assert re.fullmatch("[a-z0-9-]+", issue.slug)
    assert issue.source_id == "../../etc/passwd"


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['true']", "cos\nsystem\n(S'true'\ntR."]
)
def test_bad_38_serialised_objects_are_text(desk, tag):
    desk.take(record(1, text=f"{TEXT}\n{tag}", note=tag))

    issue = Issue.objects.get()
    assert tag in issue.markdown
    assert issue.extra["note"] == tag


def test_a_record_over_one_megabyte_comes_in_whole(desk):
    bullets = "".join(
        f"* **[[Link](https://arxiv.org/abs/21{n % 90:02d}.{n:05d})]** Thing {n} was found.\n"
        for n in range(60)
    )
    text = f"### Other Robustness News\n\n{bullets}\n" + "Words follow. " * 80_000

    desk.take(record(1, text=text))

    assert Entry.objects.count() >= 60
    assert Issue.objects.get().markdown == text


def test_bad_13_memory_stays_bounded_over_long_and_bad_lines(tmp_path, site_environment):
    """A process of its own, so that its peak is the import's."""
    path = tmp_path / "letters.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "' + b"x" * 60_000_000 + b'"}\n')
        for number in range(1, 751):
            good = record(number, source="arxiv", title=f"Paper {number}", text="x" * 20_000)
            file.write(b"{broken\n" if number % 100 == 0 else dumped(good))
    program = (
        "import re, sys; from django.core.management import execute_from_command_line as run\n"
        "try: run(['manage.py', 'import_newsletter', *sys.argv[1:]])\n"
        "finally: print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        env=site_environment | {"PYTHONPATH": os.getcwd()},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 2, done.stderr
    *_, summary, kilobytes = done.stdout.splitlines()
    assert summary.endswith("skipped 743 rejected 8")
    assert int(kilobytes) < 300_000
    reasons = ImportRow.objects.filter(outcome="rejected").order_by("line")
    assert [row.line for row in reasons] == [1, *(n + 1 for n in range(100, 751, 100))]
    kept = ImportRow.objects.filter(outcome="skipped").first()
    assert json.loads(bytes(kept.raw))["title"] == "Paper 1"
