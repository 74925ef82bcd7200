"""Calendars of deadlines: every rule holds of the bytes, and each rule can fail."""

import uuid
from datetime import timedelta, timezone
from unittest.mock import patch

import pytest
from django.contrib.auth.models import AnonymousUser

from prizes.as_of import AsOf, deadlines_as_of
from prizes.calendar import events, feed, writer
from prizes.calendar.events import Event
from prizes.chosen import Chosen
from prizes.models import Deadline
from tests.prizes import calendar_rules as rules
from tests.prizes.calendar_stage import feed_of

# The reading library splits a text in a way that Python has begun to frown upon.
pytestmark = pytest.mark.filterwarnings("ignore:'maxsplit' is passed:DeprecationWarning")


def event_called(deadline: Deadline) -> Event:
    as_of = AsOf.now()
    found = deadlines_as_of(as_of, AnonymousUser()).filter(pk=deadline.pk)
    (event,) = feed.events_of(Chosen.read(found, as_of, AnonymousUser(), {}))
    return event


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_feed(stage, rule):
    rule(feed_of(), stage)


# --- Mutants ------------------------------------------------------------------------------------
def folded_by_characters(length: int):
    def write(*args) -> bytes:
        lines = writer.write_calendar(*args).replace(b"\r\n ", b"").decode().split("\r\n")
        folded = [
            "\r\n ".join(line[at : at + length] for at in range(0, len(line) or 1, length))
            for line in lines
        ]
        return "\r\n".join(folded).encode()

    return write


def with_header(line: bytes):
    original = writer.write_calendar

    def write(*args, **kwargs) -> bytes:
        return original(*args, **kwargs).replace(b"CALSCALE", line + b"\r\nCALSCALE", 1)

    return write


def rewritten(*changes: tuple[bytes, bytes]):
    original = writer.write_calendar

    def write(*args, **kwargs) -> bytes:
        body = original(*args, **kwargs)
        for old, new in changes:
            assert old in body, old
            body = body.replace(old, new)
        return body

    return write


def in_other_zone(hours: int):
    return lambda moment: moment.astimezone(timezone(timedelta(hours=hours)))


def as_instants(stated):
    return stated.latest_utc - timedelta(minutes=15), stated.latest_utc


original_event_of, original_span = events.event_of, events.span
MUTANTS = {
    "a new UID each time": (
        events, "uid_of", lambda deadline: uuid.uuid4(), rules.names_events_by_their_deadline),
    "a UID from the title": (
        events, "uid_of", lambda d: uuid.uuid5(uuid.NAMESPACE_URL, d.prize.name),
        rules.names_events_by_their_deadline),
    "folding by characters": (
        feed, "write_calendar", folded_by_characters(74),
        rules.is_crlf_and_folded_by_octets),
    "no folding": (
        feed, "write_calendar", folded_by_characters(100_000),
        rules.is_crlf_and_folded_by_octets),
    "bare line feeds": (
        feed, "write_calendar", rewritten((b"\r\n", b"\n")), rules.is_crlf_and_folded_by_octets),
    "a TZID without VTIMEZONE": (
        events, "in_utc", in_other_zone(-12), rules.tells_instants_in_utc),
    "floating times": (
        feed, "write_calendar", rewritten((b"T120000Z\r\n", b"T120000\r\n")),
        rules.tells_instants_in_utc),
    "a zone of the whole calendar": (
        feed, "write_calendar", with_header(b"X-WR-TIMEZONE:Europe/Berlin"),
        rules.tells_instants_in_utc),
    "days as instants": (events, "span", as_instants, rules.keeps_days_whole),
    "the last day included twice": (
        events, "span", lambda s: (original_span(s)[0], original_span(s)[0]),
        rules.keeps_days_whole),
    "before a day is that day": (events, "last_day", lambda s: s.date, rules.keeps_days_whole),
    "no length": (events, "BLOCK", timedelta(0), rules.ends_blocks_at_the_deadline),
    "begins at the deadline": (
        events, "span", lambda s: (s.latest_utc, s.latest_utc + timedelta(minutes=15)),
        rules.ends_blocks_at_the_deadline),
    "stamped now": (
        events, "history_of", lambda row, as_of: (row.deadline.sequence, as_of.instant,
                                                  as_of.instant),
        rules.counts_changes_and_stands_still),
    "no count of changes": (
        events, "history_of", lambda row, as_of: (0, row.deadline.changed_at,
                                                  row.deadline.changed_at),
        rules.counts_changes_and_stands_still),
    "an invitation": (
        feed, "write_calendar", with_header(b"METHOD:REQUEST"),
        rules.asks_nobody_and_takes_no_time),
    "busy": (
        feed, "write_calendar", rewritten((b"TRANSP:TRANSPARENT", b"TRANSP:OPAQUE")),
        rules.asks_nobody_and_takes_no_time),
    "an organiser": (
        feed, "write_calendar",
        rewritten((b"TRANSP:TRANSPARENT", b"ORGANIZER:mailto:a@b.c\r\nTRANSP:TRANSPARENT")),
        rules.asks_nobody_and_takes_no_time),
    "cancelled ones left out": (
        feed, "is_dropped", lambda row, as_of: row.deadline.was_cancelled,
        rules.calls_off_what_was_cancelled),
    "cancelled ones kept for ever": (
        feed, "is_dropped", lambda row, as_of: False, rules.calls_off_what_was_cancelled),
    "cancelled in words only": (
        events, "status_of", lambda row: "CONFIRMED", rules.calls_off_what_was_cancelled),
    "all of it sure": (
        feed, "write_calendar", rewritten((b"STATUS:TENTATIVE", b"STATUS:CONFIRMED")),
        rules.says_what_is_unsure),
    "ringing unasked": (
        feed, "read_alarms", lambda text: [timedelta(days=1)], rules.rings_only_when_asked),
    "ringing before the start": (
        feed, "write_calendar",
        lambda *args: writer.write_calendar(*args).replace(b"RELATED=END", b"RELATED=START"),
        rules.rings_only_when_asked),
    "no name": (
        feed, "write_calendar", rewritten((b"\r\nNAME:", b"\r\nX-NAME:")),
        rules.introduces_itself),
    "no hint when to come again": (
        feed, "write_calendar", rewritten((b"REFRESH-INTERVAL", b"X-REFRESH-INTERVAL")),
        rules.introduces_itself),
    "the prize's name alone": (
        events, "what_happens", lambda deadline: deadline.kind, rules.titles_say_what_happens),
    "buttons in other words": (
        rules, "google_event", lambda event: outlook_event_of_another(event),
        rules.tells_buttons_the_same),
    "unknown zones skipped": (
        feed, "is_placeable", lambda s: events.is_placeable(s) and s.timezone in (None, "UTC"),
        rules.holds_all_that_has_a_day),
    "undated ones unnamed": (feed, "_without_day", lambda chosen: iter(()),
                             rules.holds_all_that_has_a_day),
    "texts unescaped": (
        feed, "write_calendar", rewritten((b"\\;", b";")), rules.escapes_text_alone),
    "addresses escaped": (
        feed, "write_calendar", rewritten((b"URL:http:", b"URL:http\\:")),
        rules.escapes_text_alone),
    "any address a link": (events, "clean_url", lambda url: url, rules.escapes_text_alone),
    "a move untold": (events, "change_words", lambda told, history: None,
                      rules.tells_old_and_new),
    "marks lost": (feed, "write_calendar", rewritten((b"\xc3\xb6", b"o")),
                   rules.reads_back_as_written),
}  # fmt: skip


def outlook_event_of_another(event: Event) -> str:
    return f"https://calendar.example/?dates=20220101/20220102&uid={uuid.uuid4()}&details=x"


@pytest.mark.one_database
@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_of_the_writer_is_caught(stage, name):
    module, attribute, replacement, rule = MUTANTS[name]
    with patch.object(module, attribute, replacement), pytest.raises((AssertionError, KeyError)):
        rule(feed_of(), stage)


def test_every_rule_has_a_mutant():
    assert {rule for *_, rule in MUTANTS.values()} == set(rules.RULES)
