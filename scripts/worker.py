"""The worker of background tasks that `make run` starts beside its web server.

`worker.py PID` ends when that process, its parent, has ended: a server that was killed can tell
nobody, so the worker looks. Elsewhere start `manage.py ox_worker` (docs/operations.md).
"""

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOOKS_EVERY = 0.5  # seconds
DRAINS_FOR = 10.0  # seconds that a running task has to finish; a later worker does it again


def main(parent: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    sys.path.insert(0, str(ROOT))
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()

    import django
    from django.core.management import call_command

    django.setup()
    # Django tells of every task; beside a web server only failures are news.
    logging.getLogger("django.tasks").setLevel(logging.WARNING)
    call_command("ox_worker", verbosity=0)


def end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOKS_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(DRAINS_FOR)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
