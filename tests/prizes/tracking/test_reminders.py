"""Reminders: each once, none too late, none to whom it may not tell, none lost without a word."""

import smtplib
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from prizes.models import Deadline, Prize, Reminder, ReminderPlan, Tracking
from prizes.retelling import retell
from prizes.tracking import reminders
from prizes.tracking.reminders import send_again, send_due
from tests.factories import AnnouncementFactory, DeadlineFactory, PrizeFactory, UserFactory

START = datetime(2026, 9, 1, tzinfo=UTC)
SEVEN_BEFORE = datetime(2026, 9, 23, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_september():
    with time_machine.travel(START, tick=False):
        yield


def make_reader(**fields) -> User:
    user = UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture
def deadline(db) -> Deadline:
    return DeadlineFactory(prize__name="The Prize", date=date(2026, 9, 30), label="final round")


@pytest.fixture
def tracking(deadline) -> Tracking:
    return Tracking.objects.create(user=make_reader(), prize=deadline.prize)


def at(moment: datetime) -> dict[str, int]:
    with time_machine.travel(moment, tick=False):
        return dict(send_due())


def states() -> list[tuple[int, str]]:
    return sorted(Reminder.objects.values_list("days_before", "state"))


class TestOneReader:
    def test_gets_each_reminder_once(self, tracking):
        assert at(SEVEN_BEFORE - timedelta(hours=2)) == {}
        assert at(SEVEN_BEFORE) == {"sent": 1}
        assert at(SEVEN_BEFORE) == {}
        assert at(SEVEN_BEFORE + timedelta(days=6)) == {"sent": 1}
        assert at(SEVEN_BEFORE + timedelta(days=6, hours=5)) == {}
        assert len(mail.outbox) == 2

    def test_reads_what_closes_when_and_how_to_stop_it(self, tracking):
        at(SEVEN_BEFORE)
        message = mail.outbox[0]
        assert message.to == [tracking.user.email]
        assert "The Prize: final round, 30 Sep 2026" in message.subject
        assert "closes between 30 Sep 10:00 and 1 Oct 12:00 UTC" in message.body
        stop = message.extra_headers["List-Unsubscribe"].strip("<>")
        assert stop in message.body
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message.extra_headers["Message-ID"].startswith(
            f"<reminder.{Reminder.objects.get().pk}@"
        )

    def test_gets_the_latest_alone_when_several_are_overdue(self, tracking):
        assert at(SEVEN_BEFORE + timedelta(days=6)) == {"sent": 1}
        assert states() == [(1, "sent"), (7, "covered")]

    def test_gets_none_for_an_hour_before_they_asked(self, deadline):
        with time_machine.travel(SEVEN_BEFORE + timedelta(days=1), tick=False):
            Tracking.objects.create(user=make_reader(), prize=deadline.prize)
        assert at(SEVEN_BEFORE + timedelta(days=2)) == {}

    @pytest.mark.parametrize("stage", ["submitted", "won", "not_won", "withdrawn"])
    def test_gets_none_when_there_is_nothing_left_to_do(self, tracking, stage):
        Tracking.objects.update(stage=stage)
        assert at(SEVEN_BEFORE) == {}

    def test_gets_none_after_it_may_have_closed_and_that_is_kept(self, tracking):
        assert at(datetime(2026, 9, 30, 10, 1, tzinfo=UTC)) == {"missed": 2}
        assert at(datetime(2026, 9, 30, 10, 2, tzinfo=UTC)) == {}
        assert states() == [(1, "missed"), (7, "missed")]
        assert mail.outbox == []

    def test_is_told_anew_of_a_date_that_moved(self, tracking, deadline):
        at(SEVEN_BEFORE)
        Deadline.objects.update(
            date=date(2026, 10, 30),
            earliest_utc=datetime(2026, 10, 30, 10, tzinfo=UTC),
            latest_utc=datetime(2026, 10, 31, 12, tzinfo=UTC),
        )
        assert at(SEVEN_BEFORE + timedelta(days=1)) == {}
        assert at(SEVEN_BEFORE + timedelta(days=30)) == {"sent": 1}

    def test_has_days_of_their_own_for_one_prize_or_all(self, tracking):
        ReminderPlan.objects.create(user=tracking.user, days_before=[3])
        assert at(SEVEN_BEFORE) == {}
        assert at(SEVEN_BEFORE + timedelta(days=4)) == {"sent": 1}
        Tracking.objects.update(days_before=[2])
        assert at(SEVEN_BEFORE + timedelta(days=5)) == {"sent": 1}

    def test_gets_none_once_they_are_off(self, tracking):
        ReminderPlan.objects.create(user=tracking.user, is_on=False)
        assert at(SEVEN_BEFORE) == {}

    @pytest.mark.parametrize("spoil", ["inactive", "unconfirmed", "hidden", "cancelled"])
    def test_gets_none_of_what_is_not_for_them(self, tracking, spoil):
        match spoil:
            case "inactive":
                User.objects.filter(pk=tracking.user_id).update(is_active=False)
            case "unconfirmed":
                EmailAddress.objects.update(verified=False)
            case "hidden":
                Prize.objects.update(is_hidden=True)
            case "cancelled":
                Deadline.objects.update(is_cancelled=True)
        assert at(SEVEN_BEFORE) == {}
        assert mail.outbox == []

    def test_is_judged_again_when_it_is_sent(self, tracking, monkeypatch):
        """Between reading and sending, a maintainer hid the prize."""
        claim = reminders._claim

        def hide_meanwhile(due, now):
            Prize.objects.update(is_hidden=True)
            return claim(due, now)

        monkeypatch.setattr(reminders, "_claim", hide_meanwhile)
        assert at(SEVEN_BEFORE) == {"dropped": 1}
        assert mail.outbox == []

    def test_a_name_with_line_breaks_makes_no_header(self, tracking):
        Prize.objects.update(name="A\r\nBcc: all@example.org\u2028X")
        at(SEVEN_BEFORE)
        text = mail.outbox[0].message().as_string()
        assert "\nBcc:" not in text


class TestTheMailServer:
    @pytest.fixture
    def fails(self, monkeypatch):
        def fail(error: Exception) -> None:
            def send(self, messages):
                raise error

            monkeypatch.setattr(EmailBackend, "send_messages", send)

        return fail

    def test_a_refusal_is_tried_again_later(self, tracking, fails, monkeypatch):
        with monkeypatch.context():
            fails(smtplib.SMTPDataError(451, b"later"))
            assert at(SEVEN_BEFORE) == {"failed": 1}
        assert at(SEVEN_BEFORE + timedelta(minutes=5)) in ({}, {"failed": 1})
        monkeypatch.undo()
        assert at(SEVEN_BEFORE + timedelta(hours=1)) == {"sent": 1}

    def test_a_server_that_cannot_be_reached_loses_nothing(self, tracking, monkeypatch):
        def refuse(self):
            raise ConnectionRefusedError("nobody there")

        monkeypatch.setattr(EmailBackend, "open", refuse)
        assert at(SEVEN_BEFORE) == {"failed": 1}
        assert "cannot be reached" in Reminder.objects.get().error
        assert at(datetime(2026, 9, 30, 11, tzinfo=UTC))["missed"] >= 1

    def test_an_answer_that_never_came_is_left_to_a_maintainer(self, tracking, fails, monkeypatch):
        fails(smtplib.SMTPServerDisconnected("gone"))
        assert at(SEVEN_BEFORE) == {"claimed": 1}
        assert at(SEVEN_BEFORE + timedelta(hours=6)) == {}
        reminder = Reminder.objects.unconfirmed().get()
        monkeypatch.undo()
        with time_machine.travel(SEVEN_BEFORE, tick=False):
            desk = Client()
            desk.force_login(UserFactory(is_staff=True, is_superuser=True))
            page = desk.get("/admin/prizes/reminder/?state__exact=claimed")
            assert str(reminder.deadline) in page.text
            data = {"action": "send_again", "_selected_action": [str(reminder.pk)]}
            desk.post("/admin/prizes/reminder/", data)
        assert len(mail.outbox) == 1
        reminder.refresh_from_db()
        assert reminder.state == "sent"
        assert send_again(reminder) == "taken"


def test_the_command_says_what_is_due_and_what_became_of_it(tracking, capsys):
    with time_machine.travel(SEVEN_BEFORE, tick=False):
        call_command("send_reminders", dry_run=True)
        assert "7 days before" in capsys.readouterr().out
        assert mail.outbox == []
        call_command("send_reminders")
        assert "sent 1" in capsys.readouterr().out


def test_an_announced_extension_is_named_in_the_mail(deadline):
    first = AnnouncementFactory(deadline=deadline, date=date(2026, 9, 10), announced_at=START)
    later = START + timedelta(days=1)
    AnnouncementFactory(
        deadline=deadline,
        date=date(2026, 9, 30),
        announced_at=later,
        change="extended",
        supersedes=first,
    )
    retell(deadline.prize)
    Tracking.objects.create(user=make_reader(), prize=deadline.prize)
    at(SEVEN_BEFORE)
    assert "It was 10 Sep 2026 before." in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_nothing_twice():
    prize = PrizeFactory()
    DeadlineFactory(prize=prize, date=date(2026, 9, 30))
    for _ in range(15):
        Tracking.objects.create(user=make_reader(), prize=prize)
    barrier = threading.Barrier(2)

    def work() -> None:
        barrier.wait()
        try:
            send_due(SEVEN_BEFORE)
        finally:
            connection.close()

    with time_machine.travel(SEVEN_BEFORE, tick=False):
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert sorted(m.to[0] for m in mail.outbox) == sorted({m.to[0] for m in mail.outbox})
    assert len(mail.outbox) == 15


def test_the_number_of_queries_to_find_what_is_due_does_not_grow(
    deadline, django_assert_num_queries
):
    now = SEVEN_BEFORE
    for _ in range(3):
        Tracking.objects.create(user=make_reader(), prize=deadline.prize)
    with django_assert_num_queries(4):
        assert len(list(reminders.due_between(now, now + timedelta(days=92), now))) == 3
    for _ in range(20):
        Tracking.objects.create(user=make_reader(), prize=deadline.prize)
    with django_assert_num_queries(4):
        assert len(list(reminders.due_between(now, now + timedelta(days=92), now))) == 23
