"""Who may see a list and not change it is refused by every method of every address, before what
was sent is looked at: Vikunja (GHSA-564f-wx8x-878h) and Open WebUI (CVE-2026-45316) asked for the
right to read where things were deleted."""

import hashlib

from django.apps import apps

from tests.readinglists.leaks.faces import Face, address_of, rows
from tests.readinglists.leaks.rules import LINKS, PEOPLE
from tests.readinglists.leaks.shelf import Shelf
from tests.readinglists.leaks.test_leaks import quietly, shelf

__all__ = ["shelf"]

PUBLIC = "public"
READERS = [
    asker
    for asker in (*PEOPLE, *LINKS)
    if asker.part in {None, "viewer"} and asker.name != "stranger"
]
# What others than members may write: for themselves, and what is asked of them.
THEIRS = {
    *("lists-notes-list", "lists-notes-detail", "item-notes", "note", "note-remove"),
    *("note-restore", "leave", "lists-leave"),
}
REFUSED = {401, 403, 404, 405}


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
