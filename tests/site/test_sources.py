"""What our own code may not do anywhere: look past `visible_to`, or fetch what somebody names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

pytestmark = pytest.mark.one_database

ROOT = Path(settings.BASE_DIR)
PACKAGES = (
    "accounts",
    "api",
    "config",
    "curation",
    "fulltext",
    "imports",
    "markup",
    "newsletter",
    "papers",
    "prizes",
    "readinglists",
    "search",
)
# Modules that show things to whoever asks, and the modules they get their rows from.
FACES = {
    "as_of",
    "board",
    "cards",
    "feeds",
    "filters",
    "listing",
    "outline",
    "resources",
    "rows",
    "status",
    "views",
    "viewsets",
}
# (module, model): why it may start from all rows.
PAST_VISIBLE_TO = {
    ("papers/views.py", "Identifier"): "leads to a paper, which `standing_paper` checks",
    ("papers/views.py", "Paper"): "a merged one redirects; `standing_paper` checks the target",
    ("papers/viewsets.py", "Paper"): "a merged one redirects; `standing_paper` checks the target",
    ("papers/filters.py", "Identifier"): "narrows papers that are checked",
    ("papers/filters.py", "Authorship"): "narrows papers that are checked",
    ("papers/rows.py", "Identifier"): "belong to papers that were checked",
    ("papers/rows.py", "Authorship"): "belong to papers that were checked",
    ("papers/citations/views.py", "Paper"): "a merged one redirects; `standing_paper` checks it",
    ("papers/enrichment/viewsets.py", "Completion"): "belongs to a paper that was checked",
    ("papers/feeds.py", "Authorship"): "belong to papers that were checked",
    ("prizes/as_of.py", "Announcement"): "says what replaced those that were checked",
    ("prizes/views/slider.py", "Issue"): "of those that were checked, the latest",
    ("prizes/rows.py", "Award"): "belong to prizes that were checked",
    ("prizes/tracking/viewsets.py", "Tracking"): "makes the account's own",
    ("prizes/tracking/views.py", "Reminder"): "belong to what the account tracks",
    ("prizes/tracking/views.py", "ReminderPlan"): "the account's own",
    ("prizes/tracking/views.py", "TrackedCalendar"): "the account's own, or behind a secret",
    ("prizes/views/feeds.py", "Deadline"): "narrows deadlines that are checked",
    ("readinglists/views/reading.py", "ReadingPace"): "the account's own",
    ("readinglists/viewsets/parts.py", "ReadingList"): "locks one that was opened, and asks again",
    ("prizes/status.py", "Announcement"): "reads only whether a checked prize was called off",
}
# Querysets that begin with what somebody may see.
SEEN = {"visible_to", "listed_for", "in_trash_of", "none"}
# Of a list that was opened first (readinglists/access.py, viewsets/parts.py); whether each face
# shows the right ones to the right people is for tests/readinglists/leaks to say.
PARTS_OF_LISTS = {
    *("Following", "Invitation", "Item", "ListEvent", "ListSection", "Membership", "Note"),
    *("OwnershipOffer", "Revision", "ShareLink"),
}
NETWORK = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "httpx2",
    "requests",
    "smtplib",
    "socket",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "xmlrpc",
}
ALLOWED = {
    ("imports/runs.py", "socket"): "asks for this machine's own name",
    ("fulltext/allowing.py", "RawSQL"): "a name of the statement it stands in, and a number",
    ("search/showing.py", "RawSQL"): "a name of the statement it stands in",
    ("fulltext/ranking.py", "RawSQL"): "a text of ours; what is looked for is a parameter",
    ("fulltext/highlighting.py", "mark_safe"): "joins parts that it escapes, and marks",
    ("markup/render.py", "mark_safe"): "the one renderer, which sanitises what it marks",
    ("papers/citations/recognition.py", "mark_safe"): "JSON whose `<`, `>` and `&` are escaped",
    ("papers/enrichment/http.py", "httpx2"): "the one module that asks services",
    ("papers/feeds.py", "format_html_join"): "escapes each part",
    ("prizes/feed_entries.py", "format_html_join"): "escapes each part",
    ("readinglists/following/feeds.py", "mark_safe"): "joins notes sanitised when they were saved",
    ("prizes/structured.py", "mark_safe"): "JSON whose `<`, `>` and `&` are escaped",
    ("readinglists/exporting/html.py", "mark_safe"): "joins what it escapes and what was sanitised",
    ("prizes/tracking/outbox.py", "smtplib"): "names the errors of Django's own mailer",
}
TRUSTED = {
    "_fields.html": "field.help_text|safe",  # written in our own forms and by Django
    "newsletter/_entry.html": "entry.html|safe",
    "newsletter/detail.html": "issue.html|safe",
    "papers/_mention.html": "telling.html|safe",
    "papers/cite.html": "formatted.html|safe",  # escaped in papers.citations.formatted
    "prizes/tracking.html": "tracking.notes_html|safe",
    "readinglists/_note.html": "note.html|safe",
    "readinglists/detail.html": "block.section.prose_html|safe",
    "readinglists/revision.html": "citation.html|safe",  # escaped in papers.citations.formatted
    "readinglists/_notes.html": "commentary.html|safe",
}
UNSAFE_CALLS = {"eval", "exec", "__import__", "mark_safe", "format_html_join", "RawSQL", "extra"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def is_face(module: str) -> bool:
    return bool(FACES & {part.removesuffix(".py") for part in Path(module).parts[1:]})


def catalogue_models() -> set[str]:
    labels = ("papers", "newsletter", "prizes", "readinglists")
    return {model.__name__ for label in labels for model in apps.get_app_config(label).get_models()}


def starts(tree: ast.Module, models: set[str]) -> Iterator[tuple[str, str]]:
    """Each `Model.objects.method` and `get_object_or_404(Model, …)`, as model and method."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in {"objects", "_default_manager", "_base_manager"}
            and isinstance(node.value.value, ast.Name)
            and node.value.value.id in models
        ):
            yield node.value.value.id, node.attr
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"get_object_or_404", "get_list_or_404"}
            and isinstance(node.args[0], ast.Name)
            and node.args[0].id in models
        ):
            yield node.args[0].id, node.func.id


def test_what_is_shown_starts_from_visible_to():
    models = catalogue_models()
    past = {
        (module, model)
        for module, tree in sources()
        if is_face(module)
        for model, method in starts(tree, models)
        if method not in SEEN
        and not (module.startswith("readinglists/") and model in PARTS_OF_LISTS)
    }

    assert past - PAST_VISIBLE_TO.keys() == set()
    assert PAST_VISIBLE_TO.keys() - past == set(), "no longer needed"


def test_the_search_for_starts_would_find_one():
    tree = ast.parse("a = Paper.objects.filter(x=1)\nb = get_object_or_404(Issue, pk=1)\n")

    assert set(starts(tree, {"Paper", "Issue"})) == {
        ("Paper", "filter"),
        ("Issue", "get_object_or_404"),
    }


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_the_site_opens_no_connection_to_an_address_somebody_named():
    fetching = {
        (module, name)
        for module, tree in sources()
        for name in imported(tree)
        if any(name == each or name.startswith(f"{each}.") for each in NETWORK)
    }

    assert fetching - ALLOWED.keys() == set()


def test_nothing_is_run_or_trusted_as_markup_that_came_as_text():
    """HTML is trusted where the one renderer made it, or where the template says so itself."""
    found = {
        (module, node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
        for module, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in UNSAFE_CALLS)
            or (isinstance(node.func, ast.Attribute) and node.func.attr in {"mark_safe", "extra"})
        )
    }

    assert found - ALLOWED.keys() == set()


def test_templates_trust_only_what_the_renderer_made():
    folder = ROOT / "templates"
    trusting = {
        str(path.relative_to(folder)): words
        for path in folder.rglob("*.html")
        for words in re.findall(r"[\w.]+\|safe\w*|autoescape off", path.read_text())
    }

    assert trusting == TRUSTED


def test_no_query_is_built_from_a_whole_query_string():
    """`filter(**request.GET)` lets a reader name columns, joins and connectors."""
    spread = {
        (module, ast.unparse(keyword.value))
        for module, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg is None and ast.unparse(keyword.value).endswith((".GET", ".POST", ".data"))
    }

    assert spread == set()
