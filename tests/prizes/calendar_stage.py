"""Deadlines of every precision and fate, announced as they would be, and the feed made of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import ics
from django.contrib.auth.models import AnonymousUser

from prizes.as_of import AsOf, deadlines_as_of
from prizes.calendar.feed import calendar_of
from prizes.chosen import Chosen
from prizes.models import Announcement, Deadline
from prizes.retelling import retell
from tests.factories import AwardFactory, PrizeFactory, TopicFactory

NOW = datetime(2022, 10, 1, 9, tzinfo=UTC)
TOLD = datetime(2022, 9, 1, 14, tzinfo=UTC)
NASTY = "Größe; a, b \\ c 🏆 «الجائزة»\r\nATTENDEE:mailto:evil@example.org " * 3


def tell(deadline: Deadline, at: datetime = TOLD, change: str = "announced", **stated: Any):
    """What stood until then is superseded by it."""
    last = deadline.announcements.order_by("announced_at").last()
    told = Announcement(
        prize=deadline.prize,
        deadline=deadline,
        source="A newsletter",
        quote="They said so.",
        change=change,
        announced_on=at.date(),
        announced_at=at,
        supersedes=last if change != "announced" else None,
        **stated,
    )
    told.set_window()
    told.save()
    retell(deadline.prize)
    deadline.refresh_from_db()
    return told


def dated(name: str, kind: str = "submission", label: str = "", at: datetime = TOLD, **stated: Any):
    prize = PrizeFactory(name=name, website="https://example.org/prize")
    deadline = Deadline.objects.create(prize=prize, kind=kind, label=label)
    tell(deadline, at, **({"precision": "day"} | stated))
    return deadline


def clock(day: date, at: time, zone: str | None, precision: str = "minute") -> dict[str, Any]:
    return {"date": day, "time": at, "timezone": zone, "precision": precision}


def set_the_stage() -> dict[str, Deadline]:
    """By the name each goes by in tests."""
    day, end = date(2022, 9, 30), time(23, 59)
    stage = {
        "utc": dated("Noon", **clock(date(2022, 10, 20), time(12), "UTC", "instant")),
        "aoe": dated("Anywhere", **clock(date(2022, 10, 20), end, "AoE")),
        "pacific": dated("Pacific", **clock(date(2022, 11, 5), time(17), "America/Los_Angeles")),
        "no zone": dated("No zone", **clock(date(2022, 10, 9), time(17), None)),
        "midnight": dated("Midnight", **clock(date(2022, 10, 9), time(0), "UTC")),
        "day": dated("Day", date=day, year_inferred=True),
        "day aoe": dated("Day anywhere", date=date(2022, 12, 31), timezone="AoE"),
        "before": dated("Inverse Scaling Prize", "final", "final round", date=date(2022, 10, 27),
                        inclusive=False),
        "leap": dated("Leap", date=date(2024, 2, 29)),
        "month": dated("Some month", date=date(2022, 11, 1), precision="month"),
        "rolling": dated("Always open", precision="rolling"),
        "tba": dated("To come", precision="tba"),
        "nasty": dated(NASTY, label="läbel, with;\nlines", date=date(2022, 10, 30)),
        "opens": dated("Opening", "opens", date=date(2022, 10, 15)),
        "extended": dated("Extended", date=day),
        "cancelled": dated("Called off", date=date(2022, 12, 1)),
        "long cancelled": dated("Called off long ago", date=date(2022, 12, 1)),
    }  # fmt: skip
    nasty = stage["nasty"].prize
    nasty.website = "javascript:alert(1)"
    nasty.organiser = "An <b>organiser</b>\r\nORGANIZER:mailto:evil@example.org"
    nasty.save()
    nasty.topics.add(TopicFactory(name="Topic, with comma"))
    AwardFactory(prize=nasty, label="first;\r\nURL:javascript:alert(1)")
    tell(stage["extended"], TOLD + timedelta(days=20), "extended", date=date(2022, 10, 31),
         precision="day")  # fmt: skip
    off = tell(stage["cancelled"], NOW - timedelta(days=29), "cancelled")
    long_off = tell(stage["long cancelled"], NOW - timedelta(days=31), "cancelled")
    for told in (off, long_off):  # learned of on the day itself
        Announcement.objects.filter(pk=told.pk).update(recorded_at=told.announced_at)
    return stage


def feed_of(alarm: str = "", as_of: AsOf | None = None, **where: Any) -> "Feed":
    query = {"alarm": alarm} if alarm else {}
    as_of, nobody = as_of or AsOf.now(), AnonymousUser()
    deadlines = deadlines_as_of(as_of, nobody).filter(**where)
    chosen = Chosen.read(deadlines, as_of, nobody, query)
    return Feed(calendar_of(chosen, "/deadlines.ics", "/deadlines/"))


@dataclass
class Feed:
    """A calendar as bytes, in lines, and as another library reads it."""

    body: bytes

    @property
    def lines(self) -> list[str]:
        return self.body.replace(b"\r\n ", b"").decode().split("\r\n")

    @property
    def blocks(self) -> list[list[str]]:
        """The lines of each event, its alarms among them."""
        lines = self.lines
        starts = [n for n, line in enumerate(lines) if line == "BEGIN:VEVENT"]
        ends = [n for n, line in enumerate(lines) if line == "END:VEVENT"]
        return [lines[start + 1 : end] for start, end in zip(starts, ends, strict=True)]

    @property
    def header(self) -> list[str]:
        return self.lines[: self.lines.index("BEGIN:VEVENT")]

    def of(self, deadline: Deadline) -> dict[str, str]:
        """The properties of one event by name, parameters within the name."""
        blocks = [each for each in self.blocks if f"UID:{deadline.pk}" in each]
        assert len(blocks) == 1, f"{deadline} is there {len(blocks)} times"
        (block,) = blocks
        if "BEGIN:VALARM" in block:
            block = block[: block.index("BEGIN:VALARM")]
        return dict(line.split(":", 1) for line in block)

    @property
    def uids(self) -> list[str]:
        return [line.removeprefix("UID:") for line in self.lines if line.startswith("UID:")]

    def read(self) -> dict[str, ics.Event]:
        return {event.uid: event for event in ics.Calendar(self.body.decode()).events}
