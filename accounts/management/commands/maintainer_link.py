from django.core.management.base import BaseCommand

from accounts.maintainers import maintainer_exists, make_maintainer_link


class Command(BaseCommand):
    help = "Print a one-time link, good for 24 hours, that makes its first visitor a maintainer."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-none", action="store_true", help="print none if there is a maintainer already"
        )

    def handle(self, *, if_none, **options):
        if if_none and maintainer_exists():
            self.stdout.write("There is a maintainer already.")
            return
        self.stdout.write(make_maintainer_link())
