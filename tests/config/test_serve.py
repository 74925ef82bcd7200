"""What `make run` and `make test` do before they hand over."""

import importlib.util
import json
import socket

import environ
import pytest
from django.conf import settings
from django.db import connection

from papers.models import Topic
from tests.database import url_of


def script(name):
    path = settings.BASE_DIR / "scripts" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


serve = script("serve")
run_tests = script("run_tests")


class TestPort:
    @pytest.mark.parametrize(("given", "port"), [("8123", 8123), ("", 8000), (None, 8000)])
    def test_the_environment_says_which(self, monkeypatch, given, port):
        monkeypatch.delenv("PORT", raising=False)
        if given is not None:
            monkeypatch.setenv("PORT", given)

        assert serve.wanted_port() == port

    @pytest.mark.parametrize("given", ["http", "0", "65536", "-1", "8000.5"])
    def test_a_number_that_is_none_is_refused(self, monkeypatch, given):
        monkeypatch.setenv("PORT", given)

        with pytest.raises(SystemExit, match="PORT is a number"):
            serve.wanted_port()

    def test_a_taken_one_is_said_so_and_a_free_one_is_not(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with pytest.raises(SystemExit, match=f"Port {port} cannot be used.*make run PORT="):
                serve.refuse_a_taken_port("127.0.0.1", port)

        assert serve.refuse_a_taken_port("127.0.0.1", port) is None


@pytest.mark.django_db
class TestCatalogue:
    @pytest.fixture
    def folder(self, tmp_path):
        topic = {"model": "papers.topic", "fields": {"slug": "robustness", "name": "Robustness"}}
        (tmp_path / "papers.json").write_text(json.dumps([topic]))
        return tmp_path

    def test_an_empty_library_gets_it(self, folder):
        serve.load_catalogue(folder)

        assert Topic.objects.get().name == "Robustness"

    def test_a_library_with_anything_in_it_is_left_alone(self, folder):
        Topic.objects.create(slug="mine", name="Mine")

        serve.load_catalogue(folder)

        assert Topic.objects.get().slug == "mine"

    def test_without_fixtures_there_is_nothing_to_do(self, tmp_path):
        serve.load_catalogue(tmp_path)

        assert not Topic.objects.exists()


class TestStaticFiles:
    @pytest.fixture(autouse=True)
    def _one_file(self, settings, tmp_path):
        (tmp_path / "source").mkdir()
        (tmp_path / "source" / "site.css").write_text("a {}")
        settings.STATICFILES_DIRS = [tmp_path / "source"]
        settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

    def test_they_are_collected_again_only_after_a_change(self, tmp_path, monkeypatch, capsys):
        (tmp_path / "static").mkdir()
        (tmp_path / "static" / "staticfiles.json").touch()
        stamp = tmp_path / "stamp"
        calls = []
        monkeypatch.setattr(
            "django.core.management.call_command", lambda name, **options: calls.append(name)
        )

        serve.collect_static_files(tmp_path / "static", stamp)
        serve.collect_static_files(tmp_path / "static", stamp)
        assert calls == ["collectstatic"]

        (tmp_path / "source" / "site.css").write_text("a { color: red }")
        serve.collect_static_files(tmp_path / "static", stamp)
        assert calls == ["collectstatic"] * 2


class TestDatabases:
    @pytest.mark.parametrize(
        ("said", "databases"), [("", ["sqlite", "postgres"]), ("off", ["sqlite"])]
    )
    def test_the_tests_run_on_both_unless_told(self, monkeypatch, said, databases):
        monkeypatch.setenv("TEST_POSTGRES", said)

        assert run_tests.wanted_databases() == databases

    def test_a_started_process_gets_this_test_s_database(self, db):
        again = environ.Env.db_url_config(url_of(connection.settings_dict))

        assert again["NAME"] == connection.settings_dict["NAME"]
        assert again["ENGINE"] == connection.settings_dict["ENGINE"]
