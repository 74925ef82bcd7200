import filecmp
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config import fixtures
from config.fixtures import CONTENTS, FIXTURES


class Command(BaseCommand):
    help = "Write fixtures/*.json from newsletter JSONL, byte-identical each time."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--check", action="store_true", help="fail if they differ, write none")
        parser.add_argument(
            "--dump", type=Path, metavar="FOLDER", help="of this database, as it stands"
        )

    def handle(self, *, files, check, dump: Path | None, **options):
        if dump:
            fixtures.dump(dump)
            return
        if not files:
            raise CommandError("Name the JSONL files to build from.")
        for missing in [path for path in files if not path.is_file()]:
            raise CommandError(f"{missing} does not exist, or is no file.")
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) if check else FIXTURES
            try:
                fixtures.build(files, target)
            except RuntimeError as error:
                raise CommandError(str(error)) from error
            if check:
                self.compare(Path(folder))
        self.stdout.write("Fixtures are in step." if check else f"Wrote {', '.join(CONTENTS)}.")

    def compare(self, built: Path) -> None:
        _, differing, missing = filecmp.cmpfiles(built, FIXTURES, list(CONTENTS), shallow=False)
        if differing or missing:
            names = ", ".join(sorted(differing + missing))
            raise CommandError(f"Out of step: {names}. Run `manage.py build_fixtures` and commit.")
