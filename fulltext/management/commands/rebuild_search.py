import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from fulltext import rebuilding


class Command(BaseCommand):
    help = (
        "Bring the search index up to date with everything there is, while the site runs. "
        "Stopped and started again, it soon is where it was."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; exit status 1 if index and tables differ",
        )

    def handle(self, *, check: bool, **options):
        total = rebuilding.amount()
        with tqdm(total=total, unit="document", file=self.stderr, disable=None) as bar:
            if check:
                differences = list(rebuilding.check(bar.update))
            else:
                changed = rebuilding.rebuild(bar.update)
        if not check:
            self.stdout.write(f"Search index: {changed} of {total} documents brought up to date.")
            return
        for found in differences:
            self.stdout.write(f"{found.kind}: {found.examined} examined, {found.told}.")
        if any(differences):
            self.stderr.write("Index and tables differ. Run `manage.py rebuild_search`.")
            sys.exit(1)
