"""Who may see a list and not change it is refused by every method of every address, before what
was sent is looked at: Vikunja (GHSA-564f-wx8x-878h) and Open WebUI (CVE-2026-45316) asked for the
right to read where things were deleted."""

import hashlib

import pytest
from django.apps import apps

from tests.readinglists.leaks.conftest import quietly
from tests.readinglists.leaks.faces import BY_ITS_OWN_ID, Face, address_of, rows
from tests.readinglists.leaks.rules import LINKS, PEOPLE
from tests.readinglists.leaks.shelf import Shelf

pytestmark = pytest.mark.one_database

PUBLIC = "public"
READERS = [
    asker
    for asker in (*PEOPLE, *LINKS)
    if asker.part in {None, "viewer"} and asker.name != "stranger" and asker.link != "propose"
]
# What these may write, for themselves; members also take back what they did to their own notes.
THEIRS = {
    *("lists-notes-list", "lists-notes-detail", "item-notes", "note", "note-remove"),
    *("note-restore", "leave", "lists-leave", "copy", "lists-fork", "follow", "lists-follow"),
    "undo",
}
# Thirty misses a minute below share links, and then 429.
REFUSED = {401, 403, 404, 405, 429}


def methods(key: str) -> tuple[str, ...]:
    return ("post", "patch", "put", "delete") if key.startswith("api:") else ("post",)


def state() -> str:
    models = apps.get_app_config("readinglists").get_models()
    noted = {"last_used_at"}
    values = [
        repr(
            list(
                model._base_manager.order_by("pk").values_list(
                    *(f.attname for f in model._meta.concrete_fields if f.attname not in noted)
                )
            )
        )
        for model in models
    ]
    return hashlib.sha256("".join(values).encode()).hexdigest()


def refusals(shelf: Shelf):
    """Of each reader, address and method: what was answered."""
    of = shelf.lists[PUBLIC]
    for key, face in rows().items():
        if not isinstance(face, Face) or key.rpartition(":")[2] in THEIRS:
            continue
        for asker in READERS:
            if (":shared:" in key) != (asker.link is not None):
                continue
            secret = shelf.secret(asker, PUBLIC) if asker.link is not None else None
            address = address_of(key, face.fills[0], of, secret)
            for method in methods(key):
                send = getattr(shelf.clients[asker.name], method)
                headers = {"If-Match": '"1"'}
                answer = send(address, b"{}", content_type="application/json", headers=headers)
                yield f"{method} {key} by {asker}", answer


def test_who_may_only_read_changes_nothing(shelf, db):
    before = state()
    with quietly():
        let_in = [
            f"{what}: {answer.status_code}"
            for what, answer in refusals(shelf)
            if answer.status_code not in REFUSED
            and not answer.headers.get("Location", "").startswith("/accounts/login/")
        ]
    assert let_in == []
    assert state() == before


# Filled with what every list has: a number, a format, an account.
EVERYWHERE = {"form", "kind", "number", "version", "slug"}
OF_AN_ACCOUNT = {"api:lists-members-detail", "api:lists-revisions-detail"}
# Leads back to the list, as for what is gone already.
SAID_TWICE = {"readinglists:remove-item"}


def strange_addresses(shelf: Shelf):
    """Of the public list, with ids of things that stand on another."""
    of, other = shelf.lists[PUBLIC], shelf.lists["members"]
    for key, face in rows().items():
        if not isinstance(face, Face) or key in OF_AN_ACCOUNT | BY_ITS_OWN_ID | SAID_TWICE:
            continue
        for fill in face.fills:
            kwargs = fill(other)
            if kwargs and not EVERYWHERE & kwargs.keys():
                strange = {**kwargs}
                yield key, address_of(key, lambda _, k=strange: {**k}, of, of.secrets["propose"])


def test_things_of_another_list_are_as_if_they_were_not(shelf, db):
    """Also to the owner of both, and by a link: wallabag (GHSA-mrqx-mjc4-vfh3) changed notes of
    others that were named below a right address, Vikunja (CVE-2026-68582) read views of other
    projects with the token of one."""
    before = state()
    found = []
    with quietly():
        for key, address in strange_addresses(shelf):
            asker = "link to propose, signed in" if ":shared:" in key else "owner"
            for method in ("get", *methods(key)):
                headers = {"If-Match": '"1"'}
                answer = shelf.clients[asker].generic(
                    method.upper(), address, b"{}", "application/json", headers=headers
                )
                if answer.status_code not in REFUSED:
                    found.append(f"{method} {key}: {answer.status_code}")
    assert state() == before
    assert found == []
