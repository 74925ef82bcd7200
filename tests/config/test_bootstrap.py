"""The script that sets everything up, on machines that are missing this or that."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest
from django.conf import settings

SCRIPT = settings.BASE_DIR / "scripts" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The script as a module, in a folder with neither tools nor environment yet."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / ".python-version").write_text("3.13\n")
    monkeypatch.setattr(module, "ROOT", tmp_path / "folder")
    monkeypatch.setattr(module, "VENV", tmp_path / "folder" / ".venv")
    monkeypatch.setattr(module, "TOOLS", tmp_path / "folder" / ".tools")
    return module


@pytest.fixture
def program(tmp_path):
    """Makes a program that answers anything with one line and one exit status."""

    def make(place: str, answer: str = "", status: int = 0) -> str:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {status}\n")
        path.chmod(0o755)
        return str(path)

    return make


def environment(bootstrap, tmp_path, *folders: str, **more: str) -> dict[str, str]:
    path = ":".join(str(tmp_path / folder) for folder in folders)
    return bootstrap.house_environment({"PATH": path, "HOME": str(tmp_path / "home"), **more})


class TestTheScript:
    def test_is_understood_by_python_3_9_and_short(self):
        source = SCRIPT.read_text()

        ast.parse(source, feature_version=(3, 9))
        assert len(source.splitlines()) < 200

    def test_needs_the_standard_library_only(self):
        imports = list(ast.walk(ast.parse(SCRIPT.read_text())))
        modules = {
            alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names
        }
        modules |= {node.module for node in imports if isinstance(node, ast.ImportFrom)}

        assert modules <= sys.stdlib_module_names

    def test_names_its_commands_when_asked_for_none(self, bootstrap):
        with pytest.raises(SystemExit, match="run, test, trial, bench, check"):
            bootstrap.main(["dance"])


class TestEnvironment:
    def test_everything_that_tools_write_lies_in_the_folder(self, bootstrap, tmp_path):
        env = environment(bootstrap, tmp_path)

        for name in ("UV_CACHE_DIR", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON_INSTALL_DIR"):
            assert Path(env[name]).is_relative_to(tmp_path / "folder")

    def test_another_project_s_environment_is_left_behind(self, bootstrap, tmp_path):
        env = environment(bootstrap, tmp_path, VIRTUAL_ENV="/elsewhere", PYTHONPATH="/elsewhere")

        assert "/elsewhere" not in env.values()

    @pytest.mark.parametrize("home", [{}, {"HOME": ""}])
    def test_no_home_is_no_hindrance(self, bootstrap, home):
        env = bootstrap.house_environment({"PATH": "/nowhere", **home})

        assert "HOME" not in env
        assert bootstrap.find_uv(env) is None

    def test_a_cache_that_was_chosen_is_kept(self, bootstrap, tmp_path):
        env = environment(bootstrap, tmp_path, UV_CACHE_DIR="/caches/uv")

        assert env["UV_CACHE_DIR"] == "/caches/uv"

    def test_what_is_compiled_is_kept(self, bootstrap, tmp_path):
        env = environment(bootstrap, tmp_path, PYTHONDONTWRITEBYTECODE="1")

        assert "PYTHONDONTWRITEBYTECODE" not in env


class TestFindingUv:
    def test_a_shim_that_fails_and_an_old_one_are_passed_over(self, bootstrap, program, tmp_path):
        program("shims/uv", "uv: command not found", 127)
        program("old/uv", "uv 0.4.2")
        good = program("good/uv", "uv 0.99.1 (x86_64)")

        assert bootstrap.find_uv(environment(bootstrap, tmp_path, "shims", "old", "good")) == good

    def test_the_folder_s_own_comes_first(self, bootstrap, program, tmp_path):
        program("good/uv", "uv 0.99.1")
        own = program("folder/.tools/bin/uv", "uv 0.99.1")

        assert bootstrap.find_uv(environment(bootstrap, tmp_path, "good")) == own

    def test_a_machine_without_pip_is_told_so(self, bootstrap, program, tmp_path, monkeypatch):
        monkeypatch.setattr(sys, "executable", program("bare/python3", "No module named pip", 1))

        with pytest.raises(SystemExit, match=r"(?s)Missing: pip.*apt-get install python3-pip"):
            bootstrap.install_uv(environment(bootstrap, tmp_path, "bare"))

    def test_a_pip_that_reaches_no_index_is_told(self, bootstrap, program, tmp_path, monkeypatch):
        program("folder/.tools/bin/nothing")
        monkeypatch.setattr(sys, "executable", program("bare/python3", "pip 24.2"))

        with pytest.raises(SystemExit, match="Missing: uv"):
            bootstrap.install_uv(environment(bootstrap, tmp_path))


class TestFindingPython:
    @pytest.fixture(autouse=True)
    def _old_python_runs_the_script(self, program, monkeypatch):
        monkeypatch.setattr(sys, "executable", program("system/python3", "3.9"))

    def test_the_pinned_version_is_found_behind_a_failing_shim(self, bootstrap, program, tmp_path):
        program("pyenv/shims/python3.13", "pyenv: python3.13: command not found", 127)
        program("pyenv/versions/3.12.1/bin/python3", "3.12")
        pinned = program("pyenv/versions/3.13.0/bin/python3", "3.13")

        env = environment(bootstrap, tmp_path, "pyenv/shims", "system")

        assert bootstrap.find_python(env) == pinned

    def test_another_new_enough_one_does_too(self, bootstrap, program, tmp_path):
        program("bin/python3", "3.11")
        newer = program("bin/python3.12", "3.12")

        assert bootstrap.find_python(environment(bootstrap, tmp_path, "bin")) == newer

    def test_the_one_asked_for_wins_if_it_is_new_enough(self, bootstrap, program, tmp_path):
        program("bin/python3.13", "3.13")
        asked = program("mine/python", "3.14")
        too_old = program("old/python", "3.11")

        assert bootstrap.find_python(environment(bootstrap, tmp_path, "bin", PYTHON=asked)) == asked
        found = bootstrap.find_python(environment(bootstrap, tmp_path, "bin", PYTHON=too_old))
        assert found == str(tmp_path / "bin" / "python3.13")

    def test_the_environment_s_own_is_kept(self, bootstrap, program, tmp_path):
        program("bin/python3.13", "3.13")
        in_use = program("folder/.venv/bin/python", "3.12")

        assert bootstrap.find_python(environment(bootstrap, tmp_path, "bin")) == in_use

    def test_none_is_none_and_said_plainly(self, bootstrap, program, tmp_path):
        env = environment(bootstrap, tmp_path, "system")
        uv = program("good/uv", "no download", 1)

        assert bootstrap.find_python(env) is None
        with pytest.raises(SystemExit, match=r"Missing: Python 3\.12 or newer"):
            bootstrap.sync(uv, None, [], env)


@pytest.mark.parametrize(
    ("answer", "version"),
    [("uv 0.13.9 (x86_64)", (0, 13)), ("3.13\n", (3, 13)), ("", None), (None, None), ("x", None)],
)
def test_a_version_is_read_from_an_answer(bootstrap, answer, version):
    assert bootstrap.version_in(answer) == version


class TestTheGate:
    def test_it_runs_the_checks_and_the_tests(self):
        gate = settings.BASE_DIR / ".ci" / "run"

        assert gate.stat().st_mode & 0o111
        assert "make check" in gate.read_text()
        assert "make test" in gate.read_text()

    def test_the_makefile_has_every_command_of_the_script(self, bootstrap):
        makefile = (settings.BASE_DIR / "Makefile").read_text()

        for command in ("run", "test", "trial", "bench", "check"):
            assert f"\n{command}: ##" in makefile
            assert command in bootstrap.TASKS
