"""Taking back what a row of a file made: dates, and prizes that nobody has built on."""

from imports.models import ImportRow
from imports.undo import BuiltOn
from prizes.models import Announcement, Award, Deadline, Prize
from prizes.retelling import retell


def take_back(row: ImportRow) -> None:
    """Raises BuiltOn where somebody has made something of it since."""
    prize = Prize.objects.filter(pk=row.key).first()
    if prize is None:
        return
    made = row.effect.get("created", {})
    announcements = Announcement.objects.filter(pk__in=made.get("prizes.announcement", ()))
    later = Announcement.objects.filter(supersedes__in=announcements).exclude(pk__in=announcements)
    if later.exists():
        raise BuiltOn(f"“{later[0]}” replaces what it said")
    is_ours = prize.pk in made.get("prizes.prize", ())
    if is_ours:
        _refuse_if_used(prize, announcements)
    announcements.update(supersedes=None)
    announcements.delete()
    dates = Deadline.objects.filter(pk__in=made.get("prizes.deadline", ()), announcements=None)
    if used := dates.filter(reminders__isnull=False).first():
        raise BuiltOn(f"somebody was reminded of {used}")
    dates.delete()
    if is_ours:
        prize.delete()
    else:
        retell(prize)


def _refuse_if_used(prize: Prize, announcements) -> None:
    others = prize.announcements.exclude(pk__in=announcements)
    uses = {
        "tracked by somebody": prize.trackings,
        "on a reading list": prize.items,
        "told of in an issue": prize.mentions,
        "announced otherwise as well": others,
        "given an award": Award.objects.filter(prize=prize),
        "merged with another": prize.merged,
    }
    for words, rows in uses.items():
        if rows.exists():
            raise BuiltOn(f"“{prize}” is {words}")
