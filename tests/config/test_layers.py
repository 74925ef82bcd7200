"""Dependencies point down (DESIGN.md): what a package may import lies below it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

# From the roof to the ground; what is drawn later takes its place here first.
LAYERS = (
    "config",
    "search",
    "readinglists",
    "prizes",
    "newsletter",
    "papers",
    "accounts",
    "imports",
    "curation",
    "fulltext",
    "api",
    "markup",
)
FEATURES = {"search", "readinglists", "prizes", "newsletter", "papers", "accounts"}
FACES = {"views", "forms", "serializers", "viewsets", "urls", "admin"}
ANYWHERE = {"tests", "bench", "scripts"}  # they may use everything, nothing may use them
SAYS_NOTHING = {
    "util",
    "utils",
    "core",
    "common",
    "service",
    "services",
    "helper",
    "helpers",
    "misc",
}


def source_files(package: str) -> list[Path]:
    return sorted((settings.BASE_DIR / package).rglob("*.py"))


def imported_modules(source: str, package: str) -> Iterator[str]:
    """Every absolute module name a source imports; `from a import b` may mean a module `a.b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: -node.level + 1 or None] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def dotted_package(path: Path) -> str:
    return ".".join(path.relative_to(settings.BASE_DIR).parent.parts)


def mistakes_in(package: str, source: str, dotted: str) -> Iterator[str]:
    for module in imported_modules(source, dotted):
        first, *rest = module.split(".")
        if first == package:
            continue
        if first in ANYWHERE:
            yield f"{module} is no part of the site"
        elif first in LAYERS and LAYERS.index(first) < LAYERS.index(package):
            yield f"{module} lies above {package}"
        elif package != "config" and first in FEATURES and rest and rest[0] in FACES:
            yield f"{module} is a face of another feature"


@pytest.mark.parametrize("package", LAYERS)
def test_a_package_imports_only_from_below_and_no_other_features_faces(package):
    mistakes = [
        f"{path.relative_to(settings.BASE_DIR)}: {mistake}"
        for path in source_files(package)
        for mistake in mistakes_in(package, path.read_text(), dotted_package(path))
    ]
    assert mistakes == []


@pytest.mark.parametrize(
    ("package", "source", "mistake"),
    [
        (
            "papers",
            "from newsletter.models import Issue",
            "newsletter.models.Issue lies above papers",
        ),
        ("papers", "import prizes", "prizes lies above papers"),
        ("newsletter", "from papers import views", "papers.views is a face of another feature"),
        ("newsletter", "from ..views import index", None),
        ("markup", "def f():\n    import api.errors", "api.errors lies above markup"),
        ("api", "from tests import factories", "tests.factories is no part of the site"),
        ("newsletter", "from papers.models import Paper\nfrom .views import index", None),
        ("config", "from papers.views import paper_list", None),
        ("papers", "from api.serializers import Strict\nimport json", None),
    ],
)
def test_an_import_is_judged_by_where_it_points(package, source, mistake):
    dotted = f"{package}.reader" if ".." in source else package

    assert list(mistakes_in(package, source, dotted)) == ([mistake] if mistake else [])


def test_every_package_has_its_place():
    packages = {path.parent.name for path in settings.BASE_DIR.glob("*/*.py")}

    assert packages - ANYWHERE - {"docs"} <= set(LAYERS)


def test_every_module_is_named_for_its_job():
    ours = [path for package in (*LAYERS, *ANYWHERE) for path in source_files(package)]
    names = {part for path in ours for part in path.relative_to(settings.BASE_DIR).parts}

    assert not {Path(name).stem for name in names} & SAYS_NOTHING
