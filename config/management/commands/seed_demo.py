from django.core.management.base import BaseCommand
from tqdm import tqdm

from config.demo import Demo


class Command(BaseCommand):
    help = "Add synthetic papers, issues, prizes and lists; the same ones for the same numbers."

    def add_arguments(self, parser):
        parser.add_argument("--papers", type=int, default=1_000, metavar="N")
        parser.add_argument("--lists", type=int, default=0, metavar="N")
        parser.add_argument(
            "--unmentioned", action="store_true", help="papers only, that no issue mentions"
        )

    def handle(self, *, papers: int, lists: int, unmentioned: bool, **options):
        with tqdm(total=papers, unit="paper", file=self.stderr, disable=None) as bar:
            Demo(papers, lists, bar.update, are_mentioned=not unmentioned).fill()
        self.stdout.write(f"Added {papers} papers and {lists} lists.")
