"""Background tasks: what `make run` starts beside its web server, and what is put off to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_ox.backend import OxBackend
from django_ox.models import OxTask

from api.models import RateCount
from config import settings as site_settings
from config.tasks import clean_up
from tests.config.long_task import end_the_fourth_time, take_a_while
from tests.config.test_serve import serve

WORKER = settings.BASE_DIR / "scripts" / "worker.py"
# A process that has a worker, as the web server of `make run` has one, and can be killed.
SERVER = (
    "import subprocess, sys, os, time;"
    "worker = subprocess.Popen([sys.executable, sys.argv[1], str(os.getpid())]);"
    "print(worker.pid, flush=True); time.sleep(120)"
)


@pytest.fixture
def queue() -> OxBackend:
    return OxBackend("default", site_settings.TASKS["default"])


def wait_for(condition: Callable[[], bool], seconds: float = 90) -> bool:
    """However busy the machine is; what holds is seen at once."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with suppress(FileNotFoundError):  # elsewhere than on Linux
        # Ended, but nobody has asked how: in a container often nobody ever does.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return not Path("/proc/self").exists()


class TestWorker:
    @pytest.fixture
    def start(self, site_environment):
        """Starts a server with its worker; whatever is left of them is killed at the end."""
        environment = {**site_environment, "TASK_LOCK_TIMEOUT": "2"}
        servers, workers = [], []

        def start() -> tuple[subprocess.Popen, int]:
            server = subprocess.Popen(
                [sys.executable, "-c", SERVER, str(WORKER)],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            servers.append(server)
            workers.append(int(server.stdout.readline()))
            return server, workers[-1]

        yield start
        for server in servers:
            server.kill()
            server.wait()
            server.stdout.close()
        for pid in filter(is_running, workers):
            os.kill(pid, signal.SIGKILL)

    def test_what_killed_workers_had_begun_another_ends_which_goes_with_its_server(
        self, start, queue, tmp_path
    ):
        begun = tmp_path / "begun"
        begun.write_text("0")
        result = queue.enqueue(end_the_fourth_time, [str(begun)], {})

        for times in range(1, 4):
            _, killed = start()
            assert wait_for(lambda: begun.read_text() == str(times))  # noqa: B023
            os.kill(killed, signal.SIGKILL)
        server, last = start()
        assert wait_for(lambda: OxTask.objects.get().status == OxTask.Status.SUCCESSFUL)
        assert len(queue.get_result(result.id).worker_ids) == 4

        server.kill()
        server.wait()
        assert wait_for(lambda: not is_running(last), 30)

    @pytest.mark.trial
    def test_of_sixty_tasks_none_is_lost_however_many_workers_are_killed(
        self, start, queue, tmp_path
    ):
        files = [tmp_path / str(number) for number in range(60)]
        for file in files:
            queue.enqueue(take_a_while, [str(file)], {})

        for killed in range(1, 11):
            _, worker = start()
            assert wait_for(lambda: sum(f.exists() for f in files) >= 3 * killed, 60)  # noqa: B023
            os.kill(worker, signal.SIGKILL)
        start()

        # What recurs may have come between.
        ours = OxTask.objects.filter(task_path__endswith=".take_a_while")
        done = ours.filter(status=OxTask.Status.SUCCESSFUL)
        assert wait_for(lambda: done.count() == 60, 120)
        assert all(file.exists() for file in files)


class TestMakeRun:
    @pytest.fixture
    def started(self, monkeypatch) -> list[list[str]]:
        programs = []
        monkeypatch.setattr(
            subprocess, "Popen", lambda program, **options: programs.append(program)
        )
        return programs

    def test_one_worker_is_started_that_knows_its_server(self, started, monkeypatch):
        monkeypatch.delenv("TASK_WORKER", raising=False)
        serve.start_task_worker()

        assert started == [[sys.executable, str(WORKER), str(os.getpid())]]

    @pytest.mark.parametrize("said", ["off", "0", "no"])
    def test_who_runs_workers_of_their_own_gets_none(self, started, monkeypatch, said):
        monkeypatch.setenv("TASK_WORKER", said)
        serve.start_task_worker()

        assert started == []


@pytest.mark.django_db
class TestQueue:
    def test_a_task_is_there_when_the_transaction_that_wanted_it_is(self, queue):
        with transaction.atomic():
            queue.enqueue(clean_up, [], {})
            transaction.set_rollback(True)
        assert not OxTask.objects.exists()

        queue.enqueue(clean_up, [], {})
        assert OxTask.objects.get().status == OxTask.Status.READY

    def test_late_tasks_are_told_and_take_no_web_server_out_of_service(self, client, queue):
        queue.enqueue(clean_up, [], {})
        assert client.get("/readyz").json()["checks"]["tasks"] == "ok"

        waiting = timezone.now() - timedelta(seconds=settings.TASK_MAX_WAIT + 1)
        OxTask.objects.update(enqueued_at=waiting)
        answer = client.get("/readyz")

        assert answer.status_code == 200
        assert answer.json()["status"] == "ready"
        assert answer.json()["checks"]["tasks"] == "late"

    def test_the_clean_up_takes_what_is_over_and_leaves_the_rest(self, queue):
        now = timezone.now()
        for key, hours in {"over": -1, "running": 1}.items():
            RateCount.objects.create(key=key, count=1, ends_at=now + timedelta(hours=hours))
        for _ in range(2):
            queue.enqueue(clean_up, [], {})
        old, _ = OxTask.objects.all()
        OxTask.objects.filter(pk=old.pk).update(
            status=OxTask.Status.SUCCESSFUL, finished_at=now - timedelta(days=60)
        )

        result = clean_up.enqueue()

        assert result.status == "SUCCESSFUL", result.errors
        assert list(RateCount.objects.values_list("key", flat=True)) == ["running"]
        assert OxTask.objects.count() == 1


class TestSchedules:
    def test_each_names_a_task_and_a_time_that_comes(self, queue):
        assert queue.options["SCHEDULES"]
        assert queue.check() == []

    @pytest.mark.parametrize(
        "wrong", [{"task": "config.tasks.gone"}, {"cron": "0 0 30 2 *"}, {"cron": "often"}]
    )
    def test_a_wrong_one_is_found_by_the_system_check(self, wrong):
        options = {
            "SCHEDULES": {"one": {"task": "config.tasks.clean_up", "cron": "@daily"} | wrong}
        }

        assert OxBackend("default", {"OPTIONS": options}).check()
