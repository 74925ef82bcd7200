"""Background work of prizes; when it runs stands in the settings (`TASKS`)."""

from django.tasks import task


@task(priority=10)
def send_reminders() -> dict[str, int]:
    """Mail what is due; what became of it, by state."""
    from prizes.tracking.reminders import send_due

    return dict(send_due())
