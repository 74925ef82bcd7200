"""Prizes and what is known about them: a history of announcements, never one bare date."""

from prizes.models.announcements import Announcement, AnnouncementQuerySet
from prizes.models.deadlines import Deadline, DeadlineQuerySet
from prizes.models.mentions import PrizeMention, PrizeMentionQuerySet
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

__all__ = [
    "CURRENCY",
    "Announcement",
    "AnnouncementQuerySet",
    "Award",
    "AwardManager",
    "Deadline",
    "DeadlineQuerySet",
    "Precision",
    "Prize",
    "PrizeAlias",
    "PrizeMention",
    "PrizeMentionQuerySet",
    "PrizeQuerySet",
    "Qualifier",
    "StatedDate",
    "StatedMoney",
    "date_constraints",
    "money_constraints",
]
