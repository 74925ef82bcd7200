"""The catalogue as files: built alike each time, loaded as it was imported, in step."""

import json
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model

from accounts.models import User
from config import fixtures
from config.fixtures import CONTENTS, DEMONSTRATION, FIXTURES, WRITTEN_AT, dump
from fulltext.indexing import gathering
from prizes.models import Announcement, Deadline, PrizeMention
from readinglists.demonstration import demonstration_rows
from tests.catalogue import SOURCE, import_issues

CATALOGUE = [name for name in CONTENTS if name != DEMONSTRATION]
MODELS = [apps.get_model(label) for name in CATALOGUE for label in CONTENTS[name]]

# What people and machines make on a running site; no newsletter tells it.
MADE_ON_A_SITE = {
    "papers.Completion",
    "papers.DuplicateSuggestion",
    "papers.Merge",
    "papers.ServiceAnswer",
    "papers.ServicePace",
    "papers.TitleBlock",
    "prizes.Outcome",
    "prizes.Reminder",
    "prizes.ReminderPlan",
    "prizes.TrackedCalendar",
    "prizes.Tracking",
}


def rows(model: type[Model]) -> list[dict[str, object]]:
    """All columns but automatic ids and times of writing, with what is pointed at by name."""
    found = []
    pointed_at = [field.name for field in model._meta.concrete_fields if field.many_to_one]
    many = [field.name for field in model._meta.many_to_many]
    for row in model._default_manager.select_related(*pointed_at or [None]).prefetch_related(*many):
        values = {}
        for field in model._meta.concrete_fields:
            if field.name in WRITTEN_AT or (
                field.primary_key and field.get_internal_type() != "UUIDField"
            ):
                continue
            values[field.name] = _named(getattr(row, field.name))
        for field in model._meta.many_to_many:
            if field.remote_field.through._meta.auto_created:
                values[field.name] = sorted(_named(each) for each in getattr(row, field.name).all())
        found.append(values)
    return sorted(found, key=str)


def _named(value: object) -> object:
    if not isinstance(value, Model):
        return value
    return value.natural_key() if hasattr(value, "natural_key") else value.pk


def empty() -> None:
    with transaction.atomic(), gathering():
        Announcement.objects.update(supersedes=None)
        for model in reversed(MODELS):
            model._base_manager.all().delete()


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in CONTENTS}


@pytest.mark.usefixtures("imported")
class TestTheFilesOfTheProject:
    def test_they_are_what_an_import_gives(self, tmp_path):
        dump(tmp_path)
        assert files(tmp_path) == files(FIXTURES), "run `manage.py build_fixtures` and commit"

    @pytest.mark.one_database
    def test_loaded_they_are_what_was_imported_to_the_column(self):
        imported = {model: rows(model) for model in MODELS}
        all_at_once = [sorted(CONTENTS)]  # as a shell names them
        one_after_the_other = [["papers.json"], ["newsletter.json"], ["prizes.json"]]
        for steps in (one_after_the_other, all_at_once):
            empty()
            assert not any(model._base_manager.exists() for model in MODELS)
            for names in steps:
                call_command("loaddata", *(str(FIXTURES / name) for name in names), verbosity=0)
            for model in MODELS:
                assert rows(model) == imported[model], model._meta.label

    def test_the_lists_made_of_the_catalogue_are_loaded_to_the_column(self):
        call_command("loaddata", str(FIXTURES / DEMONSTRATION), verbosity=0)
        for made in demonstration_rows():
            kept_by = {"username": made.username} if isinstance(made, User) else {"pk": made.pk}
            kept = type(made)._base_manager.get(**kept_by)
            for column in made._meta.concrete_fields:
                if column.name != "id":
                    value = getattr(made, column.attname)
                    if column.name in ("owner", "actor", "added_by", "author"):
                        assert str(getattr(kept, column.name)) == str(getattr(made, column.name))
                    else:
                        assert getattr(kept, column.attname) == value, (made, column.name)

    def test_they_hold_everything_the_catalogue_is_made_of(self):
        for label in ("papers", "newsletter", "prizes"):
            for model in apps.get_app_config(label).get_models():
                if not model.__name__.startswith("Historical"):
                    assert (model in MODELS) != (model._meta.label in MADE_ON_A_SITE), model

    @pytest.mark.one_database
    def test_an_import_over_them_changes_nothing(self):
        empty()
        call_command("loaddata", *(str(FIXTURES / name) for name in CATALOGUE), verbosity=0)
        before = {model: rows(model) for model in MODELS}
        result = import_issues(*range(9, 0, -1))
        assert result.counts["unchanged"] == 9
        result = import_issues(*range(9, 0, -1), reread=True)
        assert result.counts["rejected"] == 0
        assert {model: rows(model) for model in MODELS} == before


@pytest.mark.one_database
@pytest.mark.usefixtures("imported")
class TestIdsThatWereHandedOut:
    """The old files hold other ids than the rules would give now: those are kept."""

    @pytest.fixture
    def former(self, monkeypatch, tmp_path) -> Path:
        folder = tmp_path / "former"
        folder.mkdir()
        for name in CONTENTS:
            shutil.copy(FIXTURES / name, folder)
        monkeypatch.setattr(fixtures, "FIXTURES", folder)
        return folder

    def built(self, tmp_path: Path) -> list[dict]:
        built = tmp_path / "built"
        built.mkdir()
        dump(built)
        return [row for name in CONTENTS for row in json.loads((built / name).read_text())]

    @pytest.mark.parametrize("model", [Deadline, Announcement, PrizeMention])
    def test_of_rows_that_say_the_same(self, former, tmp_path, model):
        now = str(model.objects.order_by("pk").first().pk)
        before = "00000000-0000-4000-8000-000000000000"
        for name in CONTENTS:
            path = former / name
            path.write_text(path.read_text().replace(now, before))
        text = json.dumps(self.built(tmp_path))
        assert before in text
        assert now not in text

    def test_of_a_deadline_that_is_read_otherwise_now(self, former, tmp_path):
        deadline = Deadline.objects.get(label="warm-up round")
        before = "00000000-0000-4000-8000-000000000000"
        path = former / "prizes.json"
        old = path.read_text().replace(str(deadline.pk), before)
        path.write_text(old.replace('"label": "warm-up round"', '"label": "round one"'))
        found = {row["pk"]: row for row in self.built(tmp_path) if row.get("pk")}
        assert found[before]["fields"]["label"] == "warm-up round"
        assert str(deadline.pk) not in found

    def test_of_citation_keys_that_changed_places(self, former, tmp_path):
        path = former / "papers.json"
        one, other = "zou2022forecasting", "carlini2022certified"
        text = path.read_text()
        assert f'"{one}"' in text
        assert f'"{other}"' in text
        swapped = text.replace(one, "\0").replace(other, one).replace("\0", other)
        path.write_text(swapped)
        titles = {
            row["fields"]["citation_key"]: row["fields"]["title"]
            for row in self.built(tmp_path)
            if row["model"] == "papers.paper"
        }
        assert titles[other].startswith("Forecasting Future World Events")

    def test_what_only_looks_alike_is_not_taken_for_the_same(self, former, tmp_path):
        path = former / "prizes.json"
        old = json.loads(path.read_text())
        for number, row in enumerate(row for row in old if row["model"] == "prizes.announcement"):
            row["pk"] = f"00000000-0000-4000-8000-{number:012d}"
            row["fields"] |= {"quote": "the same", "amount": None, "date": None}
        path.write_text(json.dumps(old))
        kept = {row["pk"] for row in self.built(tmp_path) if row["model"] == "prizes.announcement"}
        assert kept == {str(pk) for pk in Announcement.objects.values_list("pk", flat=True)}


@pytest.mark.one_database
@pytest.mark.django_db
def test_an_empty_catalogue_gives_empty_files(tmp_path, monkeypatch):
    monkeypatch.setattr(fixtures, "FIXTURES", tmp_path)
    dump(tmp_path)
    assert all(json.loads(text) == [] for text in files(tmp_path).values())


@pytest.mark.one_database
class TestTheCommand:
    @pytest.fixture
    def project(self, monkeypatch, tmp_path) -> Path:
        """Files of its own, and a build that copies the real ones."""
        folder = tmp_path / "fixtures"
        shutil.copytree(FIXTURES, folder)
        command = "config.management.commands.build_fixtures"
        monkeypatch.setattr(f"{command}.FIXTURES", folder)
        monkeypatch.setattr(
            fixtures,
            "build",
            lambda sources, into: [shutil.copy(FIXTURES / n, into) for n in CONTENTS],
        )
        return folder

    def test_check_says_when_all_is_in_step(self, project, capsys):
        call_command("build_fixtures", str(SOURCE), check=True)
        assert "in step" in capsys.readouterr().out

    @pytest.mark.parametrize("name", CONTENTS)
    def test_check_names_a_file_that_was_changed_or_is_missing(self, project, name):
        path = project / name
        path.write_text(path.read_text().replace("the", "teh", 1))
        with pytest.raises(CommandError, match=f"Out of step: {name}"):
            call_command("build_fixtures", str(SOURCE), check=True)
        path.unlink()
        with pytest.raises(CommandError, match=f"Out of step: {name}"):
            call_command("build_fixtures", str(SOURCE), check=True)

    def test_without_check_it_writes_them(self, project):
        (project / "prizes.json").unlink()
        call_command("build_fixtures", str(SOURCE))
        assert files(project) == files(FIXTURES)

    def test_it_wants_to_know_from_what(self):
        with pytest.raises(CommandError, match="Name the JSONL"):
            call_command("build_fixtures")

    def test_what_cannot_be_read_is_an_error_in_words(self, tmp_path):
        with pytest.raises(CommandError, match="does not exist"):
            call_command("build_fixtures", str(tmp_path / "none.jsonl"), check=True)


@pytest.mark.one_database
def test_a_build_starts_from_nothing_but_the_file(tmp_path):
    """In a scratch database, whatever stands in the site's own."""
    source = tmp_path / "letters.jsonl"
    source.write_text(SOURCE.read_text().splitlines()[-1] + "\n")
    fixtures.build([source], tmp_path)
    built = json.loads((tmp_path / "newsletter.json").read_text())
    issues = [row["fields"]["slug"] for row in built if row["model"] == "newsletter.issue"]
    assert issues == ["ml-safety-newsletter-1"]
    prizes = json.loads((tmp_path / "prizes.json").read_text())
    assert [row["fields"]["slug"] for row in prizes if row["model"] == "prizes.prize"] == [
        "nsf-call-for-proposals"
    ]
    lists = json.loads((tmp_path / DEMONSTRATION).read_text())
    topics = [row["fields"].get("cover_topic") for row in lists if "readinglist" in row["model"]]
    assert ["monitoring"] in topics
