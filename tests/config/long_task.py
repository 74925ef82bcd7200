"""A task for the workers that tests start: the first to take it never ends."""

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
