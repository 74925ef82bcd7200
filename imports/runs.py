"""The life of an import run: one at a time of a kind, alive while it says so, its rows kept."""

import os
import socket
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from .models import ImportRow, ImportRun

# A run on another machine that has been silent for so long is taken for dead.
SILENCE = timedelta(minutes=3)
PATIENCE = 5.0  # seconds a second run waits for the first
_PAUSE = 0.1


class RunBusy(Exception):
    """Another run of the kind is at work."""


class RunLost(Exception):
    """This run was silent for so long that another one took its place."""


def begin(
    kind: str,
    source: str,
    options: dict[str, Any],
    *,
    started_by=None,
    patience: float | None = None,
) -> ImportRun:
    """A new active run. The database lets one of a kind be active; others wait, then give up."""
    end = time.monotonic() + (PATIENCE if patience is None else patience)
    while True:
        _bury_the_dead(kind)
        try:
            with transaction.atomic():
                return ImportRun.objects.create(
                    kind=kind,
                    source=source,
                    options=options | {"process": this_process()},
                    started_by=started_by,
                )
        except IntegrityError as error:
            if time.monotonic() >= end:
                raise RunBusy(f"Another {kind} import is running.") from error
        time.sleep(_PAUSE)


def rehearse(kind: str, source: str, options: dict[str, Any]) -> ImportRun:
    """A run for a dry run's transaction, which is rolled back: it holds up nobody."""
    return ImportRun.objects.create(
        kind=kind, source=source, options=options, state=ImportRun.State.FINISHED
    )


def keep_alive(run: ImportRun) -> None:
    """Tell that this run still works, in the transaction of what it writes."""
    run.alive_at = timezone.now()
    alive = ImportRun.objects.filter(pk=run.pk, state=run.state).update(alive_at=run.alive_at)
    if not alive:
        raise RunLost("This import was taken for dead and another one took its place.")


def finish(run: ImportRun, counts: Counter[str]) -> None:
    _end(run, ImportRun.State.FINISHED, counts=dict(counts))


def fail(run: ImportRun, counts: Counter[str], error: str) -> None:
    _end(run, ImportRun.State.FAILED, counts=dict(counts), error=error)


def _end(run: ImportRun, state: str, **values: Any) -> None:
    now = timezone.now()
    ImportRun.objects.filter(pk=run.pk, state=run.state).update(
        state=state, finished_at=now, **values
    )
    run.refresh_from_db()


def _bury_the_dead(kind: str) -> None:
    """Let no run that was killed stand in the way."""
    for run in ImportRun.objects.filter(kind=kind, state=ImportRun.State.RUNNING):
        silent = run.alive_at < timezone.now() - SILENCE
        if silent or is_gone(run.options.get("process", {})):
            rows = ImportRow.objects.filter(run=run).values_list("outcome", flat=True)
            ImportRun.objects.filter(pk=run.pk, state=run.state, alive_at=run.alive_at).update(
                state=ImportRun.State.FAILED,
                finished_at=timezone.now(),
                counts=dict(Counter(rows.iterator())),
                error="The process that ran it ended without a word.",
            )


def this_process() -> dict[str, Any]:
    return {"host": socket.gethostname(), "pid": os.getpid(), "since": _started(os.getpid())}


def is_gone(process: dict[str, Any]) -> bool:
    """Whether a process of this very machine has ended; of others nothing is known."""
    if process.get("host") != socket.gethostname():
        return False
    pid = process["pid"]
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass  # it lives, as somebody else's
    # Ids are used again: a process that began at another time is another one.
    return _started(pid) != process.get("since")


def _started(pid: int) -> str | None:
    """When a process began, in clock ticks, where the system tells. A zombie has ended."""
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] in {"Z", "X"} else fields[19]
    return None
