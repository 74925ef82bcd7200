"""The words in which changes of a list are told."""

from collections.abc import Sequence
from textwrap import shorten

# Of a title so much is told.
SHORT = 90

TEXTS = {
    "list": {
        "title": "Title",
        "description": "Description",
        "language": "Language",
        "notes_licence": "Licence of the notes",
    },
    "section": {"title": "Title", "prose": "Text"},
    "item": {"title": "Title", "url": "Address"},
    "note": {"markdown": "Note"},
}
NAMES = {**TEXTS["list"], "cover_topic": "Topic", "visibility": "Visibility"}
VISIBILITY = {
    "private": "closed the list to everybody but its owner",
    "members": "opened the list to its members",
    "unlisted": "opened the list to whoever has its address",
    "public": "opened the list to everybody",
}
AUDIENCE = {"members": "for members", "public": "for everybody"}
ON_THE_LIST = {
    "made": "made the list",
    "hidden": "closed the list to everybody but its owner",
    "trashed": "moved the list to the trash",
    "restored": "took the list out of the trash",
    "reordered": "put the list in another order",
    "sorted": "sorted the list",
    "transferred": "took over the list",
    "offered": "offered to hand the list over",
    "invited": "invited somebody",
    "uninvited": "withdrew an invitation",
    "joined": "joined the list",
    "left": "left the list",
    "shared": "made a share link",
    "rotated": "gave a share link a new address",
    "revoked": "revoked a share link",
    "imported": "imported sections",
    "copied": "copied sections",
}
MANY = {
    "added": "added",
    "proposed": "proposed",
    "removed": "removed",
    "brought back": "brought back",
    "accepted": "accepted",
    "declined": "declined",
    "withdrawn": "withdrew",
    "moved": "moved",
    "taken back": "took back an import of",
    "imported": "imported",
    "copied": "copied",
    "changed": "changed",
}
ON_A_NOTE = {
    "made private": "kept a note on {} for themselves from here on",
    "removed": "removed a note on {}",
}


def quoted(title: str) -> str:
    if not title:
        return "something no longer available"
    return f"“{shorten(title, SHORT, placeholder=' …') or title[:SHORT]}”"


def and_(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def a(role: str) -> str:
    return f"an {role}" if role[:1] in "aeiou" else f"a {role}"
