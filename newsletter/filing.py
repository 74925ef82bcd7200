"""What follows once an issue's parts are saved: its papers' topics, and the editor's notes."""

import json
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from simple_history.utils import bulk_update_with_history

from api.changes import record
from api.models import Change
from newsletter.models import Issue, Link
from papers.duplicates import look_again
from papers.filing import refile_topics

EDITOR_NOTES = settings.BASE_DIR / "fixtures" / "sources" / "editor_notes.json"


def on_issue_read(sender, issue: Issue, left: Iterable[int] = (), **kwargs) -> None:
    links = list(issue.links.select_related("issue__publication"))
    papers = {link.paper_id for link in links if link.paper_id} | set(left)
    refile_topics(papers)
    look_again(papers)
    add_editor_notes(issue, links)
    # The parts were written in bulk, which no signal tells of.
    record("issue", [issue.pk], Change.Verb.UPDATED)
    record("entry", issue.entries.values_list("pk", flat=True), Change.Verb.UPDATED)
    record("paper", sorted(papers), Change.Verb.UPDATED)


def on_issue_taken_back(sender, issue: Issue, whole: bool, **kwargs) -> None:
    if whole:
        papers = set(issue.links.exclude(paper=None).values_list("paper", flat=True))
        refile_topics(papers, without=issue)
        record("paper", sorted(papers), Change.Verb.UPDATED)


@cache
def editor_notes() -> dict[tuple[str, str], list[dict[str, str]]]:
    """The project's notes on single links, by publication and issue slug."""
    notes: dict[tuple[str, str], list[dict[str, str]]] = {}
    for note in json.loads(EDITOR_NOTES.read_text()):
        notes.setdefault((note["publication"], note["issue"]), []).append(note)
    return notes


def add_editor_notes(issue: Issue, links: list[Link]) -> None:
    """Put the project's notes on the links they were written for; hand-edited ones stay."""
    noted = []
    for note in editor_notes().get((issue.publication.slug, issue.slug), []):
        for link in links:
            meant = link.url == note["url"] and link.label == note["label"]
            if meant and not link.editor_note and "editor_note" not in link.locked_fields:
                link.editor_note = note["note"]
                noted.append(link)
    bulk_update_with_history(noted, Link, ["editor_note"])
