"""What an issue's page says was open when it appeared."""

from datetime import UTC, date, datetime, timedelta

import pytest

from prizes.models import Announcement
from tests.factories import AnnouncementFactory, DeadlineFactory, IssueFactory

pytestmark = pytest.mark.django_db
TOLD = datetime(2022, 9, 26, 14, tzinfo=UTC)


def test_a_date_that_was_moved_later_is_shown_as_it_was_known_then(client):
    issue = IssueFactory(published_at=TOLD)
    deadline = DeadlineFactory(date=date(2022, 10, 30), prize__name="Moved")
    first = AnnouncementFactory(
        deadline=deadline, date=date(2022, 9, 30), issue=issue, announced_at=TOLD
    )
    AnnouncementFactory(
        deadline=deadline,
        date=date(2022, 10, 30),
        announced_at=TOLD + timedelta(days=2),
        supersedes=first,
        change=Announcement.Change.EXTENDED,
    )
    page = client.get(issue.get_absolute_url()).text
    open_then = page.split("Open when this appeared")[1].split("</ul>")[0]
    assert "Moved" in open_then
    assert "until 30 Sep 2022" in open_then
