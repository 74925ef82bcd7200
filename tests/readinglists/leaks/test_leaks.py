"""Nobody is told of a list what is not theirs to know, by whatever face they ask."""

from collections import Counter
from dataclasses import dataclass, field

import pytest

from readinglists import rights
from readinglists.editing import undoing
from readinglists.models import Note, ReadingListQuerySet, ShareLink
from readinglists.rights import Standing
from readinglists.sharing import links
from tests.readinglists.leaks import crawl, faces
from tests.readinglists.leaks.conftest import quietly
from tests.readinglists.leaks.shelf import Shelf

# Which rows come out is asked of `visible_to` and its kin, not of the database; counts and writes
# are tried on both.
pytestmark = pytest.mark.one_database
# Its page says nothing of a list that is private to its owner at the moment.
OPEN_TO_LEAVE = {"readinglists:leave"}


@dataclass
class Found:
    """What was wrong in a crawl, by kind."""

    leaks: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)


def look(shelf: Shelf, keys: set[str] | None = None) -> Found:
    found, tags = Found(), dict[str, str]()
    for question in crawl.questions(shelf, keys):
        # Each but the first asks whether anything is new since somebody else looked.
        known = tags.get(question.address, "")
        response = crawl.ask(shelf, question, known)
        if response.status_code == 304:
            response = crawl.ask(shelf, question)
            if response.headers.get("ETag") != known:
                found.unchanged.append(str(question))
        tags.setdefault(question.address, response.headers.get("ETag", ""))
        found.statuses[question.key, response.status_code] += 1
        told = crawl.told_in(response)
        found.leaks += crawl.leaks_in(shelf, question, told)
        is_shown = response.status_code == 200
        if is_shown:
            found.missing += crawl.missing_in(shelf, question, told)
        if is_shown and crawl.is_shut(question) and question.key not in OPEN_TO_LEAVE:
            found.opened.append(str(question))
        if response.status_code >= 500:
            found.failed.append(str(question))
    return found


@pytest.fixture(scope="module")
def found(shelf) -> Found:
    with quietly():
        return look(shelf)


def test_every_route_has_a_row(db):
    assert faces.missing() == []


def test_nobody_is_told_what_is_not_theirs_to_know(found):
    assert found.leaks == []


def test_everybody_is_told_what_is(found):
    """Else the test before would look at empty pages."""
    assert found.missing == []


def test_nothing_opens_for_whom_the_list_does_not(found):
    assert found.opened == []


def test_nobody_is_told_that_nothing_is_new_in_what_another_saw(found):
    assert found.unchanged == []


def test_every_face_was_shown_to_somebody(found):
    shown = {key for key, status in found.statuses if status == 200}
    # Of a paper with no state there is none to be read.
    nothing = {"readinglists:invitation", "api:reading-states-detail"}
    assert set(faces.rows()) - faces.WRITING - shown == nothing
    assert found.failed == []


# --- Each guard taken away: the crawl has to see it ------------------------------------------
def becomes(monkeypatch, function, instead) -> None:
    """Another body for a function, wherever it was taken up; its module's names are those of it."""
    monkeypatch.setattr(function, "__code__", instead.__code__)


def always(monkeypatch, name: str) -> None:
    monkeypatch.setattr(Standing, name, property(lambda self: True))


SHARED_NOTES = "readinglists:shared:item-notes"
MUTANTS = {
    "visible_to is all()": (
        lambda patch: patch.setattr(ReadingListQuerySet, "visible_to", lambda rows, user: rows),
        {"api:lists-detail", "readinglists:export"},
    ),
    "listed_for is visible_to": (
        lambda patch: patch.setattr(
            ReadingListQuerySet, "listed_for", ReadingListQuerySet.visible_to
        ),
        {"api:lists-list"},
    ),
    "visible_notes is all()": (
        lambda patch: becomes(patch, rights.visible_notes, lambda standing: Note.objects.all()),
        {"api:lists-notes-list"},
    ),
    "listed_notes is all()": (
        lambda patch: becomes(patch, rights.listed_notes, lambda user: Note.objects.all()),
        {"api:search"},
    ),
    "sees_notes is True": (lambda patch: always(patch, "sees_notes"), {SHARED_NOTES}),
    "sees_history is True": (
        lambda patch: always(patch, "sees_history"),
        {"api:lists-events-list"},
    ),
    "is_member is True": (
        lambda patch: always(patch, "is_member"),
        {"api:lists-items-list", "readinglists:members"},
    ),
    "is_owner is True": (lambda patch: always(patch, "is_owner"), {"readinglists:links"}),
    "visible_events is all": (
        lambda patch: becomes(patch, undoing.visible_events, lambda events, user, notes: events),
        {"api:lists-events-list"},
    ),
    "working_links is all()": (
        lambda patch: becomes(patch, links.working_links, lambda now=None: ShareLink.objects.all()),
        {SHARED_NOTES},
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_guard_taken_away_is_seen(shelf, monkeypatch, mutant):
    take_away, keys = MUTANTS[mutant]
    take_away(monkeypatch)
    with quietly():
        found = look(shelf, keys)
    assert found.leaks, "nobody noticed"


def test_a_route_nobody_thought_of_is_seen(monkeypatch):
    known = faces.rows()
    del known["readinglists:shared:export"]
    monkeypatch.setattr(faces, "rows", lambda: known)
    assert faces.missing() == ["readinglists:shared:export"]
