from django.core.management.base import BaseCommand

from papers.duplicates import look_at_all
from papers.models import DuplicateSuggestion


class Command(BaseCommand):
    help = "Compare all papers and suggest to maintainers which may be one work."

    def handle(self, *, verbosity, **options):
        def tell(stage: str, number: int) -> None:
            if verbosity > 1:
                self.stdout.write(f"{number} {stage}")

        look_at_all(tell)
        waiting = DuplicateSuggestion.objects.waiting().count()
        self.stdout.write(f"{waiting} pairs of papers wait to be compared")
