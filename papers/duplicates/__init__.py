"""Papers that may be one work, suggested to maintainers; nothing is merged by a machine."""

from papers.duplicates.finding import look_again, look_at_all, look_at_unread
from papers.duplicates.suggesting import dismiss, on_same_work_found

__all__ = ["dismiss", "look_again", "look_at_all", "look_at_unread", "on_same_work_found"]
