"""Addresses that stop reminders without signing in (RFC 8058): signed, so that nobody can make one
for somebody else; good for nothing but stopping."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from prizes.models import ReminderPlan, Tracking

_PATH = "/reminders/{token}/stop/"


def stop_address(tracking: Tracking) -> str:
    """Stops the reminders of one prize; the page behind it offers to stop all."""
    token = _signer().sign(f"{tracking.user.public_id}:{tracking.pk}")
    return settings.SITE_URL + _PATH.format(token=token)


def tracking_behind(token: str) -> Tracking | None:
    """What the address is about; None if it was not made here or the account is gone."""
    try:
        reader, _, tracking = _signer().unsign(token).partition(":")
        found = Tracking.objects.filter(pk=UUID(tracking), user__public_id=UUID(reader))
    except (BadSignature, ValueError):
        return None
    return found.filter(user__is_active=True).select_related("user", "prize").first()


def stop_one(tracking: Tracking) -> None:
    Tracking.objects.filter(pk=tracking.pk).update(days_before=[])


@transaction.atomic
def stop_all(user: User) -> None:
    plan, _ = ReminderPlan.objects.get_or_create(user=user)
    plan.is_on = False
    plan.since = timezone.now()
    plan.save()


def _signer() -> Signer:
    return Signer(salt="prizes.reminders.stop")
