"""One query of deadlines as a list, a month and a time line; and the day it is looked from."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from prizes.month import Month, month_view
from prizes.words import status_words
from tests.factories import AwardFactory, UserFactory
from tests.prizes.calendar_stage import NOW, TOLD, clock, dated, tell

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
VIEWS = ["list", "month", "timeline"]


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def shown(page) -> set[str]:
    return set(re.findall(r'id="deadline-([0-9a-f-]+)"', page.text))


class TestViews:
    @pytest.mark.parametrize("view", VIEWS)
    def test_each_shows_the_same_deadline_and_leads_to_the_others(self, client, frozen, view):
        deadline = dated("Shown", date=date(2022, 10, 20))
        page = client.get("/deadlines/", {"view": view, "q": "shown", "month": "2022-10"})
        assert page.status_code == 200
        assert shown(page) == {str(deadline.pk)}
        for other in VIEWS:
            address = "/deadlines/?q=shown&amp;month=2022-10"
            assert address in page.text if other == "list" else f"view={other}" in page.text
        assert page.text.count('aria-current="page"') == 2  # of the site's places, and of views

    def test_a_view_that_is_none_is_a_400_that_names_them(self, client):
        page = client.get("/deadlines/?view=cube")
        assert page.status_code == 400
        assert "list, month, timeline" in page.text

    def test_a_time_line_has_its_table_and_its_form_for_a_phone(self, client, frozen):
        dated("Drawn", date=date(2022, 10, 20))
        dated("Undated", precision="rolling")
        page = client.get("/deadlines/?view=timeline").text
        chart = page[page.index('<figure class="chart"') : page.index("</figure>")]
        assert "<title" in chart
        assert "<desc" in chart
        assert chart.count("Drawn, submissions close") == 3  # line, phone and table
        assert "Undated" not in chart
        assert 'style="' not in chart

    def test_nothing_dated_draws_no_line(self, client, frozen):
        dated("Undated", precision="rolling")
        assert '<figure class="chart"' not in client.get("/deadlines/?view=timeline").text

    @pytest.mark.parametrize("month", ["2022-13", "22-10", "October", "2022-10-01"])
    def test_a_month_that_is_none_is_a_400(self, client, month):
        assert client.get("/deadlines/", {"view": "month", "month": month}).status_code == 400

    def test_a_month_is_a_table_with_a_cell_for_each_day(self, client, frozen):
        before = dated("Before", "final", "final round", date=date(2022, 10, 27), inclusive=False)
        dated("Other month", date=date(2022, 11, 1))
        some_day = dated("Some day", date=date(2022, 10, 1), precision="month")
        page = client.get("/deadlines/?view=month&month=2022-10")
        table = page.text[page.text.index("<table>") : page.text.index("</table>")]
        cells = dict(re.findall(r'<time datetime="2022-10-(\d\d)">(.*?)</td>', table, re.DOTALL))
        assert sorted(cells) == [f"{day:02}" for day in range(1, 32)]
        assert [day for day, cell in cells.items() if "<a " in cell] == ["26"]
        assert table.count('<th scope="col">') == 7
        assert shown(page) == {str(before.pk), str(some_day.pk)}
        for month in ("2022-09", "2022-11"):
            assert f"month={month}" in page.text

    def test_without_a_month_the_next_deadline_names_it(self, client, frozen):
        dated("Past", date=date(2022, 9, 20))
        assert "September 2022" in client.get("/deadlines/?view=month").text
        dated("Ahead", date=date(2023, 2, 1))
        assert "February 2023" in client.get("/deadlines/?view=month").text

    @given(first=st.dates(date(1, 1, 1), date(9999, 12, 1)))
    def test_every_month_has_its_days_in_whole_weeks(self, first):
        month = Month(first.replace(day=1))
        view = month_view([], month, first)
        assert {len(week) for week in view.weeks} == {7}
        days = [cell.day for week in view.weeks for cell in week if cell.day]
        assert days == list(month.days)
        for week in view.weeks:
            assert all(cell.day.weekday() == at for at, cell in enumerate(week) if cell.day)
        if month.after:
            assert month.after.before == month


class TestZones:
    def test_an_address_chooses_the_zone(self, client, frozen):
        dated("Instant", **clock(date(2022, 10, 20), time(23, 59), "AoE"))
        assert "21 Oct 11:59 UTC" in client.get("/deadlines/").text
        page = client.get("/deadlines/?tz=asia/tokyo").text
        assert "21 Oct 20:59 Asia/Tokyo" in page
        assert "23:59 anywhere on Earth" in page
        assert timezone.get_current_timezone_name() == "UTC"

    def test_an_instant_stands_in_the_month_on_the_readers_own_day(self, client, frozen):
        dated("Instant", **clock(date(2022, 10, 31), time(23), "UTC", "instant"))
        page = client.get("/deadlines/?view=month&month=2022-11&tz=Asia/Tokyo").text
        assert '<time datetime="2022-11-01">1</time><ul' in page

    def test_the_account_comes_before_the_browser(self, client, frozen):
        client.cookies["time_zone"] = "America/New_York"
        assert "shown in America/New_York" in client.get("/deadlines/").text
        client.force_login(UserFactory(time_zone="Europe/Berlin"))
        assert "shown in Europe/Berlin" in client.get("/deadlines/").text
        assert "shown in Asia/Tokyo" in client.get("/deadlines/?tz=Asia/Tokyo").text

    @pytest.mark.parametrize(
        "name", ["Mars/Phobos", "../../etc/passwd", "America", "UTC+2", "x" * 99]
    )
    def test_a_zone_nobody_knows_is_a_400_and_a_cookie_with_it_none(self, client, name):
        page = client.get("/deadlines/", {"tz": name})
        assert page.status_code == 400
        assert "No zone has this name" in page.text
        client.cookies["time_zone"] = name
        assert "shown in UTC" in client.get("/deadlines/").text


class TestFilters:
    @pytest.fixture(autouse=True)
    def rows(self, frozen):
        soon = dated("Soon", date=date(2022, 10, 9))
        soon.prize.organiser = "The Institute"
        soon.prize.save()
        dated("Later", date=date(2022, 12, 1))
        dated("Over", date=date(2022, 9, 1))
        dated("Always", precision="rolling")
        AwardFactory(prize=soon.prize, amount=60_000)

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("closing=14", {"Soon"}),
            ("closing=365", {"Soon", "Later"}),
            ("closing=14&as_of=2022-09-01", {"Over"}),
            ("organiser=institute", {"Soon"}),
            ("currency=USD&min_amount=50000", {"Soon"}),
            ("currency=EUR&min_amount=50000", set()),
            ("currency=usd", {"Soon"}),
            ("q=later", {"Later"}),
            ("q=institute+soon", {"Soon"}),
        ],
    )
    def test_they_narrow(self, client, query, names):
        rows = client.get(f"/deadlines/?{query}").context["listing"].rows
        assert {row.deadline.prize.name for row in rows} == names

    @pytest.mark.parametrize(
        "query", ["closing=0", "closing=x", "closing=99999", "min_amount=5", "currency=dollars"]
    )
    def test_what_they_cannot_take_is_a_400(self, client, query):
        assert client.get(f"/deadlines/?{query}").status_code == 400
        assert client.get(f"/api/v1/deadlines/?{query}").status_code == 400


class TestLookingBack:
    def test_the_slider_asks_by_number_and_is_led_to_the_day(self, client, frozen):
        number = date(2022, 9, 26).toordinal()
        answer = client.get(f"/deadlines/?as_of_day={number}&q=x&cursor=old")
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/deadlines/?q=x&as_of=2022-09-26"
        answer = client.get(f"/deadlines/money/?as_of_day={number}")
        assert answer.headers["Location"] == "/deadlines/money/?as_of=2022-09-26"

    @pytest.mark.parametrize("number", ["x", "-1", "0", "9999999", str(NOW.toordinal())])
    def test_its_end_and_nonsense_mean_today(self, client, frozen, number):
        answer = client.get("/deadlines/", {"as_of_day": number, "as_of": "2022-09-26"})
        assert answer.headers["Location"] == "/deadlines/"

    @pytest.mark.usefixtures("loaded")
    def test_issues_are_marked_on_it(self, client):
        page = client.get("/deadlines/").text
        assert page.count("<option value=") >= 6
        assert "?as_of=2022-09-26" in page
        assert "Issue 5, 26 Sep 2022" in page

    def test_without_a_day_it_is_this_instant(self, client, frozen):
        deadline = dated("Moving", date=date(2022, 10, 9))
        tell(
            deadline, TOLD + timedelta(days=9), "extended", date=date(2022, 10, 30), precision="day"
        )
        for zone in ("", "&tz=Asia/Tokyo"):
            now = client.get(f"/deadlines/?q=moving{zone}").context["listing"].rows
            instant = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
            then = client.get(f"/deadlines/?q=moving&as_of={instant}{zone}").context["listing"].rows
            told = [(r.deadline.pk, r.stated.date, r.deadline.status, r.place) for r in now]
            assert told == [
                (r.deadline.pk, r.stated.date, r.deadline.status, r.place) for r in then
            ]


class TestWords:
    TODAY = date(2022, 9, 30)

    def said(self, now: datetime, status: str = "closing", **stated) -> str:
        deadline = dated("A prize", **stated)
        return status_words(status, deadline, now.date(), now)

    def test_hours_are_counted_to_a_stated_hour_alone(self, frozen):
        noon = clock(date(2022, 9, 30), time(12), "UTC", "instant")
        at = datetime(2022, 9, 30, 6, 30, tzinfo=UTC)
        assert self.said(at, **noon) == "Closing, 5 hours left"
        assert self.said(at + timedelta(hours=5), **noon) == "Closing, within the hour"
        assert self.said(at, date=date(2022, 9, 30)) == (
            "Closing, it may end at any hour of a 26-hour window"
        )

    @given(
        day=st.dates(date(2022, 1, 1), date(2023, 12, 31)),
        at=st.datetimes(datetime(2022, 1, 1), datetime(2023, 12, 31)),  # noqa: DTZ001
    )
    def test_no_clock_ticks_below_a_day_that_is_all_that_is_known(self, day, at):
        from tests.factories import DeadlineFactory

        deadline = DeadlineFactory.build(date=day)
        for status in ("open", "closing", "closed"):
            words = status_words(status, deadline, at.date(), at.replace(tzinfo=UTC))
            assert not re.search(r"\d (?:hours?|minutes?) left", words)

    def test_ways_into_calendars_stand_by_what_is_ahead_alone(self, client, frozen):
        ahead, over = dated("Ahead", date=date(2022, 10, 20)), dated("Over", date=date(2022, 9, 1))
        page = client.get("/deadlines/").text
        assert f"/deadlines/{ahead.pk}.ics" in page
        assert f"/deadlines/{over.pk}.ics" not in page
        assert "calendar.google.com/calendar/render?action=TEMPLATE" in page
        menu = page[page.index("Subscribe</summary>") :]
        assert "webcal://testserver/deadlines.ics" in menu
        assert 'value="http://testserver/deadlines.ics"' in menu
        assert menu.index("A subscription follows") < menu.index("A copy of what is known now")
