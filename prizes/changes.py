"""What an announcement changed, in words: from what to what, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass

from prizes.models import Announcement, Deadline, StatedDate
from prizes.words import day_words, last_day

VERBS: dict[str, str] = {
    Announcement.Change.EXTENDED: "Extended",
    Announcement.Change.MOVED_EARLIER: "Moved earlier",
    Announcement.Change.CORRECTED: "Corrected",
    Announcement.Change.POSTPONED: "Postponed",
    Announcement.Change.CANCELLED: "Cancelled",
}
SPEAKING = ("deadline", "due", "close", "closes", "end", "ends", "open", "opens", "date", "results")
WHAT_HAPPENS: dict[str, tuple[str, str]] = {  # without a label, and after one
    Deadline.Kind.OPENS: ("opens", "opens"),
    Deadline.Kind.REGISTRATION: ("registration closes", "closes"),
    Deadline.Kind.ABSTRACT: ("abstracts close", "closes"),
    Deadline.Kind.SUBMISSION: ("submissions close", "closes"),
    Deadline.Kind.ROUND_END: ("the round closes", "closes"),
    Deadline.Kind.FINAL: ("final deadline", "closes"),
    Deadline.Kind.NOTIFICATION: ("results are announced", "is announced"),
}


def what_happens(deadline: Deadline) -> str:
    """ "final round closes", "submissions close", "camera-ready deadline"."""
    alone, after = WHAT_HAPPENS[deadline.kind]
    label = " ".join(deadline.label.split())
    if not label:
        return alone
    return label if label.lower().endswith(SPEAKING) else f"{label} {after}"


@dataclass(frozen=True, slots=True)
class Step:
    """One announcement of a deadline in the ledger of all that was told of it."""

    told: Announcement
    before: Announcement | None  # the date it took the place of, where it changed or took up one

    @property
    def verb(self) -> str:
        return VERBS.get(self.told.change) or self.told.get_change_display().capitalize()

    @property
    def has_moved(self) -> bool:
        """Whether what one reads as its date is another now."""
        return self.before is not None and day_words(self.before) != day_words(self.told)

    @property
    def is_restated(self) -> bool:
        """The same day, with another hour or zone."""
        before = self.before
        return (
            before is not None and not self.has_moved and before.latest_utc != self.told.latest_utc
        )

    @property
    def days(self) -> int | None:
        """By how many days it moved, earlier below 0; none where either has no day."""
        if self.before is None:
            return None
        was, now = last_day(self.before), last_day(self.told)
        return None if was is None or now is None else (now - was).days

    @property
    def by_how_much(self) -> str:
        """ "30 days later"."""
        if not self.days:
            return ""
        days, direction = abs(self.days), "later" if self.days > 0 else "earlier"
        return f"{days:,} day{'s' if days > 1 else ''} {direction}"


def step_of(told: Announcement, history: Sequence[Announcement]) -> Step:
    """`history` is all that was told of the same deadline, in order of time."""
    is_change = told.change in VERBS and told.precision is not None
    return Step(told, date_before(told, history) if is_change else None)


def ledger_of(history: Sequence[Announcement]) -> list[Step]:
    return [step_of(told, history) for told in history]


def change_words(told: Announcement, history: Sequence[Announcement]) -> str | None:
    """ "Extended, 30 Sep 2022 → 30 Oct 2022, 30 days later"; none if it moved nothing."""
    if told.change not in VERBS:
        return None
    step = step_of(told, history)
    words = [step.verb]
    if step.has_moved and step.before is not None:
        words.append(f"{day_words(step.before)} → {day_words(told)}")
    elif step.is_restated:
        words.append(f"still {day_words(told)}, stated otherwise")
    return ", ".join(filter(None, [*words, step.by_how_much]))


def former_date(
    said: Announcement | None, stated: StatedDate | None, history: Sequence[Announcement]
) -> Announcement | None:
    """The date that stood before the one that stands, if what one reads as its date was another;
    `said` is the announcement of the one that stands."""
    if said is None:
        return None
    before = step_of(said, history).before
    return before if before is not None and day_words(before) != day_words(stated) else None


def date_before(told: Announcement, history: Sequence[Announcement]) -> Announcement | None:
    """The date that stood until then: the one it supersedes, else the last one told before it."""
    if (replaced := next((a for a in history if a.pk == told.supersedes_id), None)) is not None:
        if replaced.precision is not None:
            return replaced
        return date_before(replaced, history)
    earlier = [a for a in history if a.announced_at < told.announced_at and a.precision is not None]
    return earlier[-1] if earlier else None
