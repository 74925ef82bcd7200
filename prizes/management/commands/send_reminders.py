from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from prizes.models import MOST_DAYS, Reminder
from prizes.tracking.reminders import due_between, send_due


class Command(BaseCommand):
    help = "Mail the reminders that are due. The background worker does so every five minutes."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="send nothing, say what is due")

    def handle(self, *, dry_run, **options):
        if dry_run:
            now = timezone.now()
            due = due_between(now, now + timedelta(days=MOST_DAYS + 2), now)
            for each in due:
                self.stdout.write(f"{each.tracking.user}: {each.days} days before {each.deadline}")
            return
        outcomes = send_due()
        words = " ".join(f"{state} {number}" for state, number in sorted(outcomes.items()))
        self.stdout.write(words or "nothing is due")
        unsure = Reminder.objects.unconfirmed().count()
        if unsure:
            self.stderr.write(f"{unsure} claimed and not confirmed: see the admin, Reminders.")
