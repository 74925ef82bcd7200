"""What calendar applications need of a feed, one rule after the other: each fails by assertion.

The tests hold the feed to them, and hold them to mutants of the writer.
"""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import time_machine

from prizes.calendar.links import google_event, outlook_event
from prizes.models import Deadline
from tests.prizes.calendar_stage import NOW, Feed, feed_of

Stage = dict[str, Deadline]
TEXTS = ("SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "CATEGORIES")
UNDATED = ("month", "rolling", "tba")


def is_crlf_and_folded_by_octets(feed: Feed, stage: Stage) -> None:
    assert feed.body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in feed.body.replace(b"\r\n", b"")
    assert b"\r" not in feed.body.replace(b"\r\n", b"")
    for line in feed.body.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # never cut inside a character
    assert max(map(len, feed.body.split(b"\r\n"))) == 75, "nothing was folded"


def escapes_text_alone(feed: Feed, stage: Stage) -> None:
    for line in feed.lines:
        name, _, value = line.partition(":")
        if name in TEXTS:
            assert re.fullmatch(r"(?:[^\\;,\n]|\\[\\;,n]|(?<=.),(?=.))*", value), line
            assert name == "CATEGORIES" or not re.search(r"(?<!\\)[,;]", value), line
        if name in ("URL", "SOURCE;VALUE=URI"):
            assert "\\" not in value, line
    assert not [line for line in feed.lines if line.startswith(("ATTENDEE", "ORGANIZER"))]
    nasty = feed.of(stage["nasty"])
    assert nasty["URL"].startswith("http"), nasty["URL"]
    assert "javascript:" not in nasty["URL"]
    assert "Website:" not in nasty["DESCRIPTION"]


def tells_instants_in_utc(feed: Feed, stage: Stage) -> None:
    assert feed.of(stage["utc"])["DTEND"] == "20221020T120000Z"
    assert feed.of(stage["aoe"])["DTEND"] == "20221021T115900Z"
    assert feed.of(stage["pacific"])["DTEND"] == "20221106T000000Z"
    assert not [line for line in feed.lines if "TZID" in line or "VTIMEZONE" in line]
    assert not [line for line in feed.lines if "X-WR-TIMEZONE" in line]
    floating = re.compile(r"(?:DTSTART|DTEND|DTSTAMP|CREATED|LAST-MODIFIED)[^:]*:\d{8}T\d{6}$")
    assert not [line for line in feed.lines if floating.match(line)]


def keeps_days_whole(feed: Feed, stage: Stage) -> None:
    days = {
        "day": (20220930, 20221001),
        "day aoe": (20221231, 20230101),
        "before": (20221026, 20221027),
        "leap": (20240229, 20240301),
        "no zone": (20221009, 20221010),
        "midnight": (20221009, 20221010),
    }
    for name, (first, beyond) in days.items():
        event = feed.of(stage[name])
        assert event["DTSTART;VALUE=DATE"] == str(first), name
        assert event["DTEND;VALUE=DATE"] == str(beyond), name
    words = "Time not stated\\; may close between 30 Sep 2022 10:00 UTC and 1 Oct 2022 12:00 UTC."
    assert words in feed.of(stage["day"])["DESCRIPTION"]


def ends_blocks_at_the_deadline(feed: Feed, stage: Stage) -> None:
    read = feed.read()
    for name in ("utc", "aoe", "pacific"):
        event = read[str(stage[name].pk)]
        assert event.end.datetime == stage[name].latest_utc, name
        assert event.end - event.begin == timedelta(minutes=15), name


def names_events_by_their_deadline(feed: Feed, stage: Stage) -> None:
    known = {str(deadline.pk) for deadline in stage.values()}
    assert len(feed.uids) == len(set(feed.uids))
    assert set(feed.uids) <= known


def counts_changes_and_stands_still(feed: Feed, stage: Stage) -> None:
    assert feed.of(stage["day"])["SEQUENCE"] == "0"
    extended = feed.of(stage["extended"])
    assert extended["SEQUENCE"] == "1"
    assert extended["LAST-MODIFIED"] == extended["DTSTAMP"] == "20220921T140000Z"
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert feed_of().body == feed_of().body
        assert feed_of().body == feed.body or "TRIGGER" in feed.body.decode()
    for block in feed.blocks:
        stamps = [line for line in block if line.startswith(("DTSTAMP:", "LAST-MODIFIED:"))]
        assert [line.split(":")[1] for line in stamps] == [stamps[0].split(":")[1]] * 2
        assert max(stamps).split(":")[1] <= "20221001T090000Z"


def asks_nobody_and_takes_no_time(feed: Feed, stage: Stage) -> None:
    assert not [line for line in feed.header if line.startswith("METHOD") and "PUBLISH" not in line]
    assert all("TRANSP:TRANSPARENT" in block for block in feed.blocks)
    assert not [line for line in feed.lines if line.startswith(("ORGANIZER", "ATTENDEE"))]


def calls_off_what_was_cancelled(feed: Feed, stage: Stage) -> None:
    off = feed.of(stage["cancelled"])
    assert off["STATUS"] == "CANCELLED"
    assert off["SEQUENCE"] == "1"
    assert off["SUMMARY"].startswith("Cancelled: Called off:")
    assert str(stage["long cancelled"].pk) not in feed.uids


def says_what_is_unsure(feed: Feed, stage: Stage) -> None:
    for name in ("day", "no zone"):
        assert feed.of(stage[name])["STATUS"] == "TENTATIVE", name
    for name in ("utc", "aoe", "pacific", "day aoe"):
        assert feed.of(stage[name])["STATUS"] == "CONFIRMED", name
    assert "year was not printed" in feed.of(stage["day"])["DESCRIPTION"]


def rings_only_when_asked(feed: Feed, stage: Stage) -> None:
    assert "BEGIN:VALARM" not in feed.lines
    ringing = feed_of(alarm="1d,7d")
    alarms = [line for line in ringing.lines if line.startswith("TRIGGER")]
    assert set(alarms) == {"TRIGGER;RELATED=END:-P7D", "TRIGGER;RELATED=END:-P1D"}
    assert ringing.lines.count("ACTION:DISPLAY") == len(alarms) == 2 * (len(ringing.uids) - 1)
    event = ringing.read()[str(stage["utc"].pk)]
    assert sorted(alarm.trigger for alarm in event.alarms) == [
        timedelta(days=-7),
        timedelta(days=-1),
    ]
    assert not any("BEGIN:VALARM" in b for b in ringing.blocks if "STATUS:CANCELLED" in b)


def introduces_itself(feed: Feed, stage: Stage) -> None:
    header = feed.header
    assert header[0] == "BEGIN:VCALENDAR"
    for line in ("VERSION:2.0", "CALSCALE:GREGORIAN", "X-PUBLISHED-TTL:PT12H",
                 "REFRESH-INTERVAL;VALUE=DURATION:PT12H"):  # fmt: skip
        assert header.count(line) == 1, line
    for name in ("PRODID:", "NAME:", "X-WR-CALNAME:", "SOURCE;VALUE=URI:http", "URL:http"):
        assert [line for line in header if line.startswith(name)], name


def titles_say_what_happens(feed: Feed, stage: Stage) -> None:
    assert feed.of(stage["before"])["SUMMARY"] == "Inverse Scaling Prize: final round closes"
    assert feed.of(stage["opens"])["SUMMARY"] == "Opening: opens"
    assert feed.of(stage["utc"])["SUMMARY"] == "Noon: submissions close"


def tells_buttons_the_same(feed: Feed, stage: Stage) -> None:
    from tests.prizes.test_calendar import event_called

    for name in ("utc", "aoe", "day", "before"):
        event, properties = event_called(stage[name]), feed.of(stage[name])
        google = parse_qs(urlsplit(google_event(event)).query)
        starts, ends = google["dates"][0].split("/")
        assert [starts, ends] == [
            value for key, value in properties.items() if key.startswith(("DTSTART", "DTEND"))
        ]
        outlook = parse_qs(urlsplit(outlook_event(event)).query)
        assert re.sub(r"[-:]", "", outlook["enddt"][0]) == ends
        assert google["uid"] == outlook["uid"] == [str(stage[name].pk)]
        for text in (*google["details"], *outlook["body"]):
            assert text.endswith(f"#deadline-{stage[name].pk}")


def holds_all_that_has_a_day(feed: Feed, stage: Stage) -> None:
    absent = {*UNDATED, "long cancelled"}
    assert set(feed.uids) == {str(d.pk) for name, d in stage.items() if name not in absent}
    assert set(feed.read()) == set(feed.uids)
    (description,) = [line for line in feed.header if line.startswith("DESCRIPTION:")]
    for name in UNDATED:
        assert stage[name].prize.name in description, name


def tells_old_and_new(feed: Feed, stage: Stage) -> None:
    words = "Extended\\, 30 Sep 2022 → 31 Oct 2022\\, 31 days later"
    assert words in feed.of(stage["extended"])["DESCRIPTION"]


def reads_back_as_written(feed: Feed, stage: Stage) -> None:
    read = feed.read()
    nasty = read[str(stage["nasty"].pk)]
    assert nasty.name.startswith("Größe; a, b \\ c 🏆 «الجائزة» ATTENDEE:mailto:evil@example.org")
    assert nasty.name.endswith(": läbel, with; lines closes")
    for name in ("day", "before", "leap"):
        event = read[str(stage[name].pk)]
        assert event.all_day, name
    assert read[str(stage["before"].pk)].begin.date() == date(2022, 10, 26)
    assert read[str(stage["utc"].pk)].end.datetime == datetime(2022, 10, 20, 12, tzinfo=UTC)


RULES = (
    is_crlf_and_folded_by_octets,
    escapes_text_alone,
    tells_instants_in_utc,
    keeps_days_whole,
    ends_blocks_at_the_deadline,
    names_events_by_their_deadline,
    counts_changes_and_stands_still,
    asks_nobody_and_takes_no_time,
    calls_off_what_was_cancelled,
    says_what_is_unsure,
    rings_only_when_asked,
    introduces_itself,
    titles_say_what_happens,
    tells_buttons_the_same,
    holds_all_that_has_a_day,
    tells_old_and_new,
    reads_back_as_written,
)
