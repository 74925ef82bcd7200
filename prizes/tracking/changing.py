"""Writing what a reader tracks: each write carries the version it was based on."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from prizes.models import Prize, Tracking


class Stale(Exception):
    """Somebody, or the same person in another window, has written since."""

    def __init__(self, now: Tracking) -> None:
        super().__init__("It was changed since.")
        self.now = now


@transaction.atomic
def set_stage(user, prize: Prize, stage: str) -> tuple[Tracking, bool]:
    """Track a prize, or go on to another stage; sending it twice makes one row."""
    tracking, is_new = Tracking.objects.get_or_create(
        user=user, prize=prize, defaults={"stage": stage}
    )
    if not is_new and tracking.stage != stage:
        change(tracking, tracking.version, stage=stage)
    return tracking, is_new


@transaction.atomic
def change(tracking: Tracking, version: int, **values: object) -> None:
    """Write columns if the version is still that one; raises Stale with what stands now."""
    now = timezone.now()
    columns = dict(values)
    if _asks_anew(tracking, columns):
        columns["reminding_since"] = now
    written = Tracking.objects.filter(pk=tracking.pk, version=version).update(
        **columns, version=F("version") + 1, updated_at=now
    )
    if not written:
        raise Stale(Tracking.objects.select_related("prize").get(pk=tracking.pk))
    tracking.refresh_from_db()


def _asks_anew(tracking: Tracking, columns: dict[str, object]) -> bool:
    """Whether reminders are asked for otherwise than before: on other days, or again."""
    comes_back = (
        columns.get("stage") in Tracking.REMINDED and tracking.stage not in Tracking.REMINDED
    )
    days = columns.get("days_before", tracking.days_before)
    return comes_back or days != tracking.days_before
