import os
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from imports import runs
from imports.models import ImportRow, ImportRun

pytestmark = pytest.mark.django_db


def begin(patience: float = 0, kind: str = "newsletter") -> ImportRun:
    return runs.begin(kind, "letters.jsonl", {}, patience=patience)


class TestOneAtATime:
    def test_a_second_run_of_the_kind_gives_up_after_its_patience(self):
        begin()

        started = time.monotonic()
        with pytest.raises(runs.RunBusy, match="Another newsletter import is running"):
            begin(patience=0.3)
        assert 0.3 <= time.monotonic() - started < 5

    def test_a_run_of_another_kind_is_not_in_the_way(self):
        begin()

        assert begin(kind="papers").state == "running"

    def test_a_finished_run_is_not_in_the_way(self):
        runs.finish(begin(), Counter(created=2))

        assert begin().state == "running"
        assert ImportRun.objects.get(state="finished").counts == {"created": 2}

    def test_the_database_itself_refuses_two_running_ones(self):
        begin()

        with pytest.raises(IntegrityError), transaction.atomic():
            ImportRun.objects.create(kind="newsletter", source="other")

    def test_a_rehearsal_holds_up_nobody_and_is_not_held_up(self):
        begin()

        assert runs.rehearse("newsletter", "letters.jsonl", {}).state == "finished"


@pytest.mark.django_db(transaction=True)
def test_a_second_run_waits_for_a_first_that_ends_soon():
    first = begin()

    def end_it():
        time.sleep(0.3)
        runs.finish(first, Counter())
        connection.close()

    ender = threading.Thread(target=end_it)
    ender.start()
    try:
        second = begin(patience=10)
    finally:
        ender.join()

    assert second.state == "running"


class TestDeadRuns:
    def test_a_run_whose_process_ended_does_not_block(self):
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        there = runs.this_process() | {"pid": process.pid, "since": runs._started(process.pid)}
        killed = begin()
        ImportRun.objects.filter(pk=killed.pk).update(options={"process": there})
        ImportRow.objects.create(run=killed, line=1, outcome="created")
        with pytest.raises(runs.RunBusy):
            begin()

        process.kill()
        process.communicate()
        assert begin().state == "running"

        killed.refresh_from_db()
        assert (killed.state, killed.counts) == ("failed", {"created": 1})
        assert "without a word" in killed.error

    def test_an_id_used_again_by_another_process_is_not_the_run(self):
        reused = runs.this_process() | {"since": "12"}

        assert runs.is_gone(reused)
        assert not runs.is_gone(runs.this_process())

    def test_of_another_machine_nothing_is_known_but_silence(self):
        elsewhere = {"host": "elsewhere", "pid": os.getpid(), "since": "12"}
        far = begin()
        ImportRun.objects.filter(pk=far.pk).update(options={"process": elsewhere})
        with pytest.raises(runs.RunBusy):
            begin()

        silent = timezone.now() - runs.SILENCE - timedelta(seconds=1)
        ImportRun.objects.filter(pk=far.pk).update(alive_at=silent)

        assert begin().state == "running"

    def test_a_run_that_lost_its_place_writes_nothing_more(self):
        run = begin()
        ImportRun.objects.filter(pk=run.pk).update(state="failed")

        with pytest.raises(runs.RunLost):
            runs.keep_alive(run)

    def test_a_living_run_says_so(self):
        run = begin()
        before = run.alive_at

        runs.keep_alive(run)

        run.refresh_from_db()
        assert run.alive_at > before
