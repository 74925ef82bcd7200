"""Deadlines from files: reviewed before they are shown, told once, followed when they move."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from imports.models import ImportRow, ImportRun
from imports.undo import undo
from prizes.importing.run import import_deadlines
from prizes.importing.sources import DeadlineFile
from prizes.models import Announcement, Deadline, Prize, Tracking
from tests.factories import PrizeFactory, UserFactory
from tests.prizes.importing import samples

pytestmark = pytest.mark.django_db


def take(data: bytes, **options):
    return import_deadlines([DeadlineFile("calls.yml", data, "tracker")], **options)


def state() -> tuple:
    return (
        sorted(Prize.objects.values_list("slug", "is_hidden")),
        sorted(map(str, Deadline.objects.values_list("pk", "date", "time", "timezone"))),
        sorted(map(str, Announcement.objects.values_list("pk", "change"))),
    )


def test_nothing_is_shown_before_a_maintainer_has_looked():
    result = take(samples.AI)
    assert result.counts == {"created": 2, "rejected": 2}
    assert not Prize.objects.visible_to(AnonymousUser()).exists()
    assert Prize.objects.filter(needs_review=True).count() == 2
    assert take(samples.SEC, publish=True).counts == {"created": 2}
    assert Prize.objects.visible_to(AnonymousUser()).count() == 2


def test_the_same_file_again_changes_nothing():
    take(samples.PYTHON)
    before = state()
    assert take(samples.PYTHON).counts == {"unchanged": 3}
    assert state() == before


def test_a_date_that_moved_is_an_extension_of_the_one_there_was():
    take(samples.AI, publish=True)
    take(samples.AI.replace(b"2026-05-22", b"2026-06-05"))
    deadline = Deadline.objects.get(prize__name="NovaConf 2026", kind="submission")
    told = deadline.announcements.order_by("announced_at").values_list("change", flat=True)
    assert list(told) == ["announced", "extended"]
    assert str(deadline.date) == "2026-06-05"
    assert deadline.sequence == 1


def test_an_extension_in_the_file_itself_is_kept_as_one():
    take(samples.PYTHON)
    deadline = Deadline.objects.get(prize__name="SnakeConf 2026", label="")
    assert list(deadline.announcements.values_list("change", flat=True)) == [
        "announced",
        "extended",
    ]
    assert Deadline.objects.get(prize__name="AdderConf 2026").is_cancelled


def test_an_extension_to_the_same_day_is_told_once():
    take(samples.PYTHON.replace(b"2026-01-24", b"2026-01-10"))
    deadline = Deadline.objects.get(prize__name="SnakeConf 2026", label="")
    assert [str(each.date) for each in deadline.announcements.all()] == ["2026-01-10"]


def test_what_is_called_off_keeps_the_date_it_had():
    take(samples.PYTHON)
    dated = b"cfp: '2026-01-10 23:59:00'\n  cfp_ext: '2026-01-24 23:59:00'"
    take(samples.PYTHON.replace(dated, b"cfp: Cancelled"))
    deadline = Deadline.objects.get(prize__name="SnakeConf 2026", label="")
    assert deadline.is_cancelled
    assert str(deadline.date) == "2026-01-24"


def test_a_prize_that_is_there_gets_the_date_and_keeps_its_words():
    prize = PrizeFactory(name="NovaConf 2026", website="https://nova.example/2026", is_hidden=False)
    result = take(samples.AI)
    assert result.counts["updated"] == 1
    prize.refresh_from_db()
    assert prize.deadlines.count() == 2
    assert not prize.is_hidden


def test_one_that_only_looks_alike_is_left_to_a_person():
    PrizeFactory(name="NovaConf 2026", website="https://elsewhere.example/")
    result = take(samples.AI)
    assert "looks like" in result.rows[0].reason
    assert Prize.objects.filter(name="NovaConf 2026").count() == 2


def test_a_dry_run_says_all_and_saves_nothing():
    before = state()
    assert take(samples.CCF, dry_run=True).counts == {"created": 1}
    assert state() == before
    assert not ImportRun.objects.exists()


def test_rows_keep_what_was_wrong_with_its_line():
    run = take(samples.AI).run
    row = ImportRow.objects.get(run=run, line=17)
    assert row.outcome == "rejected"
    assert any("2026-02-30" in each for each in row.warnings)
    assert b"MarsConf" in bytes(row.raw)


def test_undo_leaves_what_was_there_before():
    PrizeFactory(name="NovaConf 2026", website="https://nova.example/2026")
    before = state()
    run = take(samples.AI).run
    assert undo(run).stay == []
    assert state() == before


def test_undo_leaves_and_names_what_somebody_tracks():
    run = take(samples.AI, publish=True).run
    Tracking.objects.create(user=UserFactory(), prize=Prize.objects.get(name="PalConf 2026"))
    undone = undo(run)
    assert [reason for _, reason in undone.stay] == ["“PalConf 2026” is tracked by somebody"]
    assert list(Prize.objects.values_list("name", flat=True)) == ["PalConf 2026"]


class TestTheCommand:
    def test_names_lines_and_counts(self, tmp_path, capsys):
        path = tmp_path / "calls.yml"
        path.write_bytes(samples.AI)
        with pytest.raises(SystemExit) as ended:
            call_command("import_deadlines", path, report=tmp_path / "report.jsonl")
        assert ended.value.code == 2
        told = capsys.readouterr()
        assert "created 2 updated 0 unchanged 0 duplicate 0 skipped 0 rejected 2" in told.out
        assert "line 21: deadline: '2026-02-30 23:59:59'" in told.err
        assert len((tmp_path / "report.jsonl").read_text().splitlines()) == 4

    def test_refuses_what_it_cannot_read_in_one_line(self, tmp_path):
        with pytest.raises(CommandError, match="No such file"):
            call_command("import_deadlines", tmp_path / "none.yml")
        path = tmp_path / "x.yml"
        path.write_text("- colour: red")
        with pytest.raises(CommandError, match=r"x\.yml: Line 1"):
            call_command("import_deadlines", path)
        assert ImportRun.objects.get().state == "failed"
