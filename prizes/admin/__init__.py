"""The admin of prizes: prizes with their awards, what was announced of them, what came of them,
and the reminders that were mailed."""

from prizes.admin import announcements, outcomes, prizes, reminders

__all__ = ["announcements", "outcomes", "prizes", "reminders"]
