"""What tracking holds on a person, and that it goes with their account."""

from django.dispatch import receiver

from accounts.models import User
from accounts.personal_data import Rows, personal_data
from accounts.signals import account_deleted
from prizes.models import Reminder, ReminderPlan, TrackedCalendar, Tracking


@personal_data("tracked_prizes")
def tracked_prizes(user: User) -> Rows:
    rows = Tracking.objects.filter(user=user).order_by("created_at", "pk")
    told = ["prize__name", "stage", "notes", "links", "days_before", "created_at", "updated_at"]
    return list(rows.values(*told))


@personal_data("reminders")
def reminders(user: User) -> dict[str, object]:
    plan = ReminderPlan.objects.filter(user=user).values("is_on", "days_before").first()
    sent = Reminder.objects.filter(tracking__user=user).order_by("claimed_at", "pk")
    told = ["tracking__prize__name", "days_before", "about", "state", "sent_at"]
    return {"plan": plan, "reminders": list(sent.values(*told))}


@personal_data("tracked_calendar")
def tracked_calendar(user: User) -> Rows:
    return list(TrackedCalendar.objects.filter(user=user).values("alarm_days", "made_at"))


@receiver(account_deleted)
def forget(sender, user: User, **kwargs) -> None:
    Tracking.objects.filter(user=user).delete()
    ReminderPlan.objects.filter(user=user).delete()
    TrackedCalendar.objects.filter(user=user).delete()
