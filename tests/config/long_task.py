"""A task for the workers that tests start: the first to take it never ends."""

import os
import time
from pathlib import Path

from django.tasks import task


@task
def end_the_second_time(path: str) -> None:
    file = Path(path)
    if not file.exists():
        file.write_text("begun")
        time.sleep(120)
    file.write_text("ended")


@task
def take_a_while(path: str) -> None:
    """Writes who did it once it is done; whoever is killed before has written nothing."""
    time.sleep(0.4)
    Path(path).write_text(str(os.getpid()))
