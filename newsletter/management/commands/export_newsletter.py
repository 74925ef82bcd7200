from django.core.management.base import BaseCommand, CommandError

from newsletter.exporter import export_lines
from newsletter.models import Publication


class Command(BaseCommand):
    help = "Write the issues as JSON Lines to standard output, fields and text as they came."

    def add_arguments(self, parser):
        parser.add_argument("--publication", metavar="SLUG", help="issues of this one only")

    def handle(self, *, publication, **options):
        if publication and not Publication.objects.filter(slug=publication).exists():
            known = ", ".join(Publication.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no publication {publication}; there is: {known}.")
        # Bytes where there are bytes below: a terminal's encoding must not change the text.
        raw = getattr(self.stdout._out, "buffer", None)
        for line in export_lines(publication):
            if raw is None:
                self.stdout.write(line)
            else:
                raw.write(line.encode() + b"\n")
