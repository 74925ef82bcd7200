"""What the decisions about twins of papers hold on a person."""

from accounts.models import User
from accounts.personal_data import Rows, personal_data
from papers.models import DuplicateSuggestion, Merge


@personal_data("merges")
def merges(user: User) -> Rows:
    made = Merge.objects.filter(by=user).order_by("pk")
    return list(made.values("duplicate__title", "into__title", "at", "split_at"))


@personal_data("duplicates_decided")
def duplicates_decided(user: User) -> Rows:
    decided = DuplicateSuggestion.objects.filter(decided_by=user).order_by("pk")
    return list(decided.values("paper__title", "other__title", "state", "decided_at"))
