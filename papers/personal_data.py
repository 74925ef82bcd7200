"""What merges of papers hold on a person."""

from accounts.models import User
from accounts.personal_data import Rows, personal_data
from papers.models import Merge


@personal_data("merges")
def merges(user: User) -> Rows:
    made = Merge.objects.filter(by=user).order_by("pk")
    return list(made.values("duplicate__title", "into__title", "at", "split_at"))
