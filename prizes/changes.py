"""What an announcement changed, in words: from what to what, and by how much."""

from collections.abc import Sequence

from prizes.models import Announcement, Deadline
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


def change_words(told: Announcement, history: Sequence[Announcement]) -> str | None:
    """ "Extended, 30 Sep 2022 → 30 Oct 2022, 30 days later"; none if it moved nothing.

    `history` is all that was told of the same deadline, in order of time.
    """
    if told.change not in VERBS:
        return None
    before, words = date_before(told, history), VERBS[told.change]
    if before is None or told.precision is None:
        return words
    was, now = day_words(before), day_words(told)
    if was != now:
        words += f", {was} → {now}"
    elif before.latest_utc != told.latest_utc:
        words += f", still {now}, stated otherwise"
    return words + _by_how_much(before, told)


def date_before(told: Announcement, history: Sequence[Announcement]) -> Announcement | None:
    """The date that stood until then: the one it supersedes, else the last one told before it."""
    if (replaced := next((a for a in history if a.pk == told.supersedes_id), None)) is not None:
        if replaced.precision is not None:
            return replaced
        return date_before(replaced, history)
    earlier = [a for a in history if a.announced_at < told.announced_at and a.precision is not None]
    return earlier[-1] if earlier else None


def _by_how_much(before: Announcement, after: Announcement) -> str:
    was, now = last_day(before), last_day(after)
    if was is None or now is None or was == now:
        return ""
    days = abs((now - was).days)
    direction = "later" if now > was else "earlier"
    return f", {days:,} day{'s' if days > 1 else ''} {direction}"
