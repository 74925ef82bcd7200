"""What saved searches hold on a person; with the account they go."""

from django.dispatch import receiver

from accounts.models import User
from accounts.personal_data import Rows, personal_data
from accounts.signals import account_deleted
from search.models import SavedSearch


@personal_data("saved_searches")
def saved_searches(user: User) -> Rows:
    own = SavedSearch.objects.visible_to(user).order_by("created_at", "pk")
    dates = ["created_at", "updated_at", "looked_at", "feed_made_at"]
    return list(own.values("id", "name", "page", "query", *dates))


@receiver(account_deleted)
def forget_searches(sender, user: User, **kwargs) -> None:
    SavedSearch.objects.filter(owner=user).delete()
