"""Prizes and what is known about them: a history of announcements, never one bare date."""

from prizes.models.announcements import Announcement, AnnouncementQuerySet
from prizes.models.deadlines import Deadline, DeadlineQuerySet
from prizes.models.mentions import PrizeMention, PrizeMentionQuerySet
from prizes.models.outcomes import Outcome, OutcomeQuerySet
from prizes.models.prizes import Award, AwardManager, Prize, PrizeAlias, PrizeQuerySet
from prizes.models.stated import (
    CURRENCY,
    Precision,
    Qualifier,
    StatedDate,
    StatedMoney,
    date_constraints,
    money_constraints,
)
from prizes.models.tracking import (
    MOST_DAYS,
    Reminder,
    ReminderPlan,
    ReminderQuerySet,
    TrackedCalendar,
    TrackedCalendarQuerySet,
    Tracking,
    TrackingQuerySet,
    default_days,
    validate_days,
)

__all__ = [
    "CURRENCY",
    "MOST_DAYS",
    "Announcement",
    "AnnouncementQuerySet",
    "Award",
    "AwardManager",
    "Deadline",
    "DeadlineQuerySet",
    "Outcome",
    "OutcomeQuerySet",
    "Precision",
    "Prize",
    "PrizeAlias",
    "PrizeMention",
    "PrizeMentionQuerySet",
    "PrizeQuerySet",
    "Qualifier",
    "Reminder",
    "ReminderPlan",
    "ReminderQuerySet",
    "StatedDate",
    "StatedMoney",
    "TrackedCalendar",
    "TrackedCalendarQuerySet",
    "Tracking",
    "TrackingQuerySet",
    "date_constraints",
    "default_days",
    "money_constraints",
    "validate_days",
]
