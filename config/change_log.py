"""Every save and deletion in the catalogue leaves a `Change`, whoever made it.

Bulk writes send no signals: whoever makes one records it (`newsletter.filing`).
"""

from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from api.changes import record
from api.models import Change
from fulltext.indexing import is_gathering, note
from newsletter.models import Entry, Image, Issue, Link, Publication, Section
from papers.models import Authorship, CitationKeyAlias, Identifier, Paper, Topic
from prizes.models import Announcement, Award, Deadline, Outcome, Prize

THINGS: dict[type[models.Model], str] = {
    Publication: "publication",
    Issue: "issue",
    Topic: "topic",
    Entry: "entry",
    Paper: "paper",
    Prize: "prize",
    Deadline: "deadline",
}
# A part's change is a change of what it is part of.
PARTS: dict[type[models.Model], str] = {
    Section: "issue",
    Link: "issue",
    Image: "issue",
    Authorship: "paper",
    Identifier: "paper",
    CitationKeyAlias: "paper",
    Award: "prize",
    Announcement: "prize",
    Outcome: "prize",
}


def connect() -> None:
    for model in THINGS | PARTS:
        post_save.connect(_saved, sender=model, dispatch_uid=f"change-{model._meta.label}")
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"gone-{model._meta.label}")
    for through in (Paper.topics.through, Prize.topics.through):
        m2m_changed.connect(_refiled, sender=through, dispatch_uid=f"refiled-{through.__name__}")


def _saved(sender, instance: models.Model, created: bool, raw: bool = False, **kwargs) -> None:
    if sender in THINGS:
        kind, key = THINGS[sender], instance.pk
        verb = Change.Verb.CREATED if created else Change.Verb.UPDATED
    else:
        kind, key = PARTS[sender], getattr(instance, f"{PARTS[sender]}_id")
        verb = Change.Verb.UPDATED
    if not raw:
        _record(kind, key, verb)
    elif is_gathering():
        # loaddata is no change to follow, and what its rows point at may not be there yet.
        note(kind, [key])


def _deleted(sender, instance: models.Model, **kwargs) -> None:
    if sender in THINGS:
        _record(THINGS[sender], instance.pk, Change.Verb.DELETED)
    else:
        _record(PARTS[sender], getattr(instance, f"{PARTS[sender]}_id"), Change.Verb.UPDATED)


def _refiled(sender, instance: models.Model, action: str, **kwargs) -> None:
    if action.startswith("post_") and type(instance) in THINGS:
        _record(THINGS[type(instance)], instance.pk, Change.Verb.UPDATED)


def _record(kind: str, key: object, verb: Change.Verb) -> None:
    with transaction.atomic():
        record(kind, [key], verb)
