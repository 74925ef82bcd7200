"""A killed import, run again, ends where an undisturbed one ends; two at once do so as well."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.newsletter.lines import dumped, record

MANAGE = settings.BASE_DIR / "manage.py"
LINES = 12
MANY_LINES = 500  # so many that no batch takes them all
ROWS = "select count(*) from imports_importrow"
# Of every table an import fills, what has to be the same: no ids, no clocks.
QUERIES = {
    "publications": "select slug, name, source from newsletter_publication",
    "issues": "select slug, number, title, source_id, html, source_digest from newsletter_issue",
    "sources": "select source_id, canonical_url, note from newsletter_issuesource",
    "entries": "select i.slug, e.anchor, e.position, e.kind, e.headline, e.html,"
    " e.withdrawn_at is null"
    " from newsletter_entry e join newsletter_issue i on i.id = e.issue_id",
    "links": "select i.slug, l.position, l.url, l.role, e.anchor, p.citation_key,"
    " l.withdrawn_at is null"
    " from newsletter_link l join newsletter_issue i on i.id = l.issue_id"
    " left join newsletter_entry e on e.id = l.entry_id"
    " left join papers_paper p on p.id = l.paper_id",
    "papers": "select citation_key, title, title_source, kind from papers_paper",
    "identifiers": "select scheme, value from papers_identifier",
    "histories": "select i.slug, h.history_type, h.headline from newsletter_historicalentry h"
    " join newsletter_issue i on i.id = h.issue_id",
    "topics": "select slug, name from papers_topic",
}


class Site:
    """A site of its own: a real SQLite file, worked on by real processes."""

    def __init__(self, folder: Path, template: Path | None = None) -> None:
        self.folder = folder
        folder.mkdir()
        self.database = folder / "site.sqlite3"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("TEST_", "SHORTLIST_"))},
            "DATABASE_URL": f"sqlite:///{self.database}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_DIR": str(folder),
        }
        if template is None:
            self.manage("migrate", "-v0").check_returncode()
            self.manage("createcachetable").check_returncode()
        else:
            self.database.write_bytes(template.read_bytes())

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, str(MANAGE), *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        process = self.start(*arguments)
        out, _ = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out)

    def rows(self, query: str) -> list[tuple]:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            found = connection.execute(query).fetchall()
        connection.close()
        return sorted(found, key=repr)

    def state(self) -> dict[str, list[tuple]]:
        return {name: self.rows(query) for name, query in QUERIES.items()}


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """A migrated, empty database, to be copied."""
    site = Site(tmp_path_factory.mktemp("template") / "site")
    with sqlite3.connect(site.database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return site.database


@pytest.fixture(scope="module")
def letters(tmp_path_factory) -> Path:
    return written(tmp_path_factory.mktemp("letters") / "letters.jsonl", LINES)


def written(path: Path, count: int) -> Path:
    """Issues, a broken line, a line that overrules another, a cross-post, a paper."""
    lines = [record(number) for number in range(1, count)]
    post = {"source": "lesswrong", "url": "https://www.lesswrong.com/posts/x", "karma": 1}
    path.write_bytes(
        dumped(
            *lines[:4],
            "broken",
            record(3, text="## News\n\n**Other** [words](https://x.org/)."),
            record(2, id="forum", **post),
            record(count + 90, source="arxiv", title="A paper"),
            *lines[4:],
        )
    )
    return path


@pytest.fixture(scope="module")
def undisturbed(template, letters, tmp_path_factory) -> dict[str, list[tuple]]:
    return state_after(Site(tmp_path_factory.mktemp("undisturbed") / "site", template), letters)


def state_after(site: Site, letters: Path) -> dict[str, list[tuple]]:
    """The state after one run that nobody disturbed."""
    done = site.manage("import_newsletter", str(letters))
    assert done.returncode == 2, done.stdout
    return site.state()


def kill_and_run_again(site: Site, letters: Path, after: int, seconds: float) -> str:
    """Kill an import some time after so many rows were committed; the words of the next one."""
    process = site.start("import_newsletter", str(letters))
    while process.poll() is None and site.rows(ROWS) < [(after,)]:
        time.sleep(0.01)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    done = site.manage("import_newsletter", str(letters))
    assert done.returncode == 2, done.stdout
    return done.stdout.splitlines()[-1]


def assert_whole(site: Site, undisturbed: dict) -> None:
    assert site.rows("PRAGMA integrity_check") == [("ok",)]
    assert site.state() == undisturbed


def test_bad_28_killed_and_run_again_is_as_run_once(template, letters, undisturbed, tmp_path):
    assert len(undisturbed["issues"]) == LINES - 1

    for number, (after, seconds) in enumerate([(0, 1.0), (1, 0.0), (1, 0.2)]):
        site = Site(tmp_path / f"site-{number}", template)
        said = kill_and_run_again(site, letters, after, seconds)
        assert_whole(site, undisturbed)
        assert after == 0 or "unchanged 0" not in said


@pytest.mark.trial
def test_bad_28_many_times(template, tmp_path):
    rounds = int(os.environ.get("TRIAL_KILLS", "20"))
    letters = written(tmp_path / "letters.jsonl", MANY_LINES)
    undisturbed = state_after(Site(tmp_path / "undisturbed", template), letters)
    halfway = 0

    for number in range(rounds):
        site = Site(tmp_path / f"site-{number}", template)
        after = random.randrange(0, MANY_LINES)
        said = kill_and_run_again(site, letters, after, random.uniform(0, 0.8))
        halfway += "unchanged 0" not in said and "created 0" not in said
        assert_whole(site, undisturbed)

    print(f"{rounds} kills, {halfway} of them with some lines in and some not: all ended alike")  # noqa: T201
    assert halfway or rounds < 5


def test_bad_27_two_at_once_end_as_one(template, letters, undisturbed, tmp_path):
    site = Site(tmp_path / "site", template)

    both = [site.start("import_newsletter", str(letters)) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]

    statuses = sorted(process.returncode for process in both)
    assert statuses in ([2, 2], [2, 3]), said
    assert_whole(site, undisturbed)


def test_standard_input_is_read_as_it_comes(template, letters, undisturbed, tmp_path):
    site = Site(tmp_path / "site", template)

    done = subprocess.run(
        [sys.executable, str(MANAGE), "import_newsletter", "-"],
        input=letters.read_bytes(),
        env=site.environment,
        capture_output=True,
        timeout=120,
    )

    assert done.returncode == 2, done.stderr
    assert_whole(site, undisturbed)
