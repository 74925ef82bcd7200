"""Files of the ai-deadlines family and calendars: each date as it is written, each doubt named."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prizes.importing.sources import DeadlineFile, UnreadableFile
from tests.prizes.importing import samples


def calls(data: bytes) -> dict[str, object]:
    return {call.name: call for call in DeadlineFile("a file", data, "tracker").calls()}


def dates(call) -> list[tuple]:
    return [
        (d.kind, d.label, str(d.date), str(d.time), d.timezone, d.precision) for d in call.dates
    ]


def troubles(call) -> list[str]:
    return [f"{each.line}: {each.reason}" for each in call.troubles]


def test_ai_deadlines_name_an_offset_or_an_abbreviation():
    found = calls(samples.AI)
    assert dates(found["NovaConf 2026"]) == [
        ("abstract", "", "2026-05-15", "23:59:59", "Etc/GMT+12", "minute"),
        ("submission", "", "2026-05-22", "23:59:59", "Etc/GMT+12", "minute"),
    ]
    assert dates(found["PalConf 2026"])[0][4] == "America/Los_Angeles"


def test_a_date_that_does_not_exist_is_named_with_its_line():
    call = calls(samples.AI)["MarsConf 2026"]
    assert call.dates == []
    assert "20: 'mars.example' is no web address" in troubles(call)
    assert any(each.startswith("21: deadline: '2026-02-30") for each in troubles(call))


def test_a_zone_that_may_be_several_is_reported_never_guessed():
    call = calls(samples.AI)["CitConf 2026"]
    assert call.dates == []
    assert troubles(call) == ["27: deadline: the zone IST may be one of several"]


def test_ccfddl_nests_rounds_and_leaves_some_open():
    call = calls(samples.CCF)["DeepConf 2027"]
    assert [(d[0], d[1], d[5]) for d in dates(call)] == [
        ("abstract", "first round", "minute"),
        ("submission", "first round", "minute"),
        ("submission", "round 2", "tba"),
    ]
    assert call.dates[0].timezone == "AoE"


def test_sec_deadlines_fill_in_years_and_are_anywhere_on_earth_unless_they_say_otherwise():
    found = calls(samples.SEC)
    assert [d[2] for d in dates(found["LockConf 2027"])] == ["2026-10-31", "2027-02-28"]
    assert {d[4] for d in dates(found["LockConf 2027"])} == {"AoE"}
    assert dates(found["KeyConf 2026"])[0][2:5] == ("2026-03-12", "23:59:00", "Etc/GMT-7")


def test_python_deadlines_extend_cancel_and_leave_open():
    found = calls(samples.PYTHON)
    main, tutorials = found["SnakeConf 2026"].dates
    assert (str(main.moved_from.date), str(main.date)) == ("2026-01-10", "2026-01-24")
    assert tutorials.label == "tutorials"
    assert found["AdderConf 2026"].dates[0].is_cancelled
    assert found["BoaConf 2026"].dates[0].precision == "tba"


def test_an_event_ends_at_its_deadline():
    found = calls(samples.ICS)
    assert dates(found["GrantConf closes"])[0][2:] == ("2026-09-30", "None", None, "day")
    # The clock is put forward that night; the end stands as it is written.
    assert dates(found["HourConf"])[0][2:5] == ("2026-03-29", "04:00:00", "Europe/Berlin")
    assert found["HourConf"].website is None
    assert "no zone that is known" in troubles(found["FloatConf"])[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"- title: [", "Line 1"),
        (b"a: &x 1\nb: *x", "anchors and aliases"),
        (b"title: x", "list of records"),
        (b"- just words", "mapping"),
        (b"- colour: red", "none of"),
        (b"- title: a\n  deadline: 2026-01-01\n  title: b", "stands there twice"),
        (b"\xff\xfe- title: x", "Not UTF-8"),
        (b"- " + b"[" * 5000, "."),
        (b"- !!python/object/apply:os.system ['true']", "mapping"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "."),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(data, words):
    with pytest.raises(UnreadableFile, match=words):
        list(DeadlineFile("a file", data, "tracker").calls())


@given(st.dates(dt.date(1990, 1, 1)), st.times(), st.sampled_from(["UTC", "AoE", "Asia/Seoul"]))
def test_any_date_is_read_as_it_is_written(day, time, zone):
    text = f"- title: C\n  deadline: '{day} {time:%H:%M}'\n  timezone: {zone}\n"
    (call,) = DeadlineFile("a file", text.encode(), "t").calls()
    (date,) = call.dates
    assert (date.date, date.time, date.timezone) == (
        day,
        time.replace(second=0, microsecond=0),
        zone,
    )


@given(st.text(max_size=30))
def test_no_text_in_place_of_a_date_is_lost_or_fatal(text):
    import yaml

    record = [{"title": "C", "deadline": text, "timezone": "UTC"}]
    (call,) = DeadlineFile("f", yaml.safe_dump(record, allow_unicode=False).encode(), "t").calls()
    assert call.dates or call.troubles
