"""The worker is killed in mid-run: nobody is reminded twice, and what is not known is listed."""

import re
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from prizes.models import Reminder, Tracking
from tests.factories import DeadlineFactory

SOON = timedelta(days=5)


def make_trackers(number: int) -> None:
    """Readers who asked a month ago, and a date of which the seventh day before is over."""
    deadline = DeadlineFactory(date=(timezone.now() + SOON).date())
    users = User.objects.bulk_create(
        User(username=f"reader{n}", email=f"reader{n}@example.org") for n in range(number)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users
    )
    asked = timezone.now() - timedelta(days=30)
    Tracking.objects.bulk_create(
        Tracking(user=user, prize=deadline.prize, reminding_since=asked) for user in users
    )


def start(environment: dict[str, str]) -> subprocess.Popen:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "send_reminders"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def kill_in_mid_run(environment: dict[str, str], more: int) -> bool:
    """Whether the run was killed before it was through with so many more."""
    begun = Reminder.objects.count()
    worker = start(environment)
    while worker.poll() is None and Reminder.objects.count() < begun + more:
        time.sleep(0.002)
    was_working = worker.poll() is None
    worker.kill()
    worker.communicate()
    return was_working


def mailed(folder: Path) -> Counter[str]:
    """How often each reminder was mailed, by its Message-ID."""
    texts = (path.read_text() for path in (folder / "mail").glob("*"))
    return Counter(each for text in texts for each in re.findall(r"<reminder\.([\w-]+)@", text))


@pytest.mark.parametrize(
    ("trackers", "kills"), [(60, 2), pytest.param(10_000, 10, marks=pytest.mark.trial)]
)
def test_killed_in_mid_run_it_reminds_nobody_twice(site_environment, tmp_path, trackers, kills):
    make_trackers(trackers)
    environment = site_environment | {"VAR_DIR": str(tmp_path), "SITE_URL": "http://testserver"}
    hit = sum(kill_in_mid_run(environment, trackers // (kills + 1)) for _ in range(kills))
    last = start(environment)
    last.communicate(timeout=600)

    times = mailed(tmp_path)
    states = {str(pk): state for pk, state in Reminder.objects.values_list("pk", "state")}
    sent = {pk for pk, state in states.items() if state == "sent"}
    unsure = {pk for pk, state in states.items() if state == "claimed"}
    print(f"{trackers} trackers, {hit} kills: {len(sent)} sent, {len(unsure)} unsure")  # noqa: T201
    assert hit
    assert last.returncode == 0
    assert max(times.values()) == 1
    assert sent <= times.keys() <= sent | unsure
    assert len(sent) + len(unsure) == trackers
    assert len(unsure) <= hit
    assert set(map(str, Reminder.objects.unconfirmed().values_list("pk", flat=True))) == unsure
