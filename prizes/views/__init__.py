"""Pages of prizes and deadlines, and the same for calendars and feed readers."""

from prizes.views.deadlines import deadline_list, latest_with_deadlines, money_list
from prizes.views.feeds import deadline_calendar, deadlines_face, prize_face
from prizes.views.prizes import prize_detail, prize_list

__all__ = [
    "deadline_calendar",
    "deadline_list",
    "deadlines_face",
    "latest_with_deadlines",
    "money_list",
    "prize_detail",
    "prize_face",
    "prize_list",
]
