from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from imports.models import ImportRun
from imports.undo import CannotUndo, undo


class Command(BaseCommand):
    help = (
        "Take an import back: what it made goes, what it changed is as before. Rows that somebody "
        "has built on since stay and are named."
    )

    def add_arguments(self, parser):
        parser.add_argument("run", help="id of the run, as the import printed it, or `latest`")

    def handle(self, *, run, **options):
        found = self.find(run)
        try:
            undone = undo(found)
        except CannotUndo as error:
            raise CommandError(str(error)) from error
        for row, reason in reversed(undone.stay):
            self.stdout.write(f"line {row.line} of {row.source} stays: {reason}")
        self.stdout.write(f"{found.pk}: {undone.taken_back} taken back, {len(undone.stay)} stay")

    def find(self, name: str) -> ImportRun:
        runs = ImportRun.objects.all()
        if name == "latest":
            run = runs.exclude(state=ImportRun.State.UNDONE).first()
        else:
            try:
                run = runs.filter(pk=name).first()
            except ValidationError:
                run = None
        if run is None:
            raise CommandError(f"There is no import {name}.")
        return run
