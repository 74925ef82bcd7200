"""Every address of the site, from the URL resolver; a route that has no row here fails a test."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from papers.models import DuplicateSuggestion, Merge
from prizes.tracking.stopping import stop_address
from tests.site.library import Library

Address = Callable[[Library], str]
NOWHERE = uuid.UUID(int=0)
PROPOSAL_ACTS = ("accept", "decline", "withdraw")
OWNERSHIP = ("offer-ownership", "take-back-offer", "accept-ownership", "decline-ownership")
# Answer to nothing but a POST.
WRITING_ONLY = {
    "api:lists-events-undo",
    "api:lists-fork",
    "api:lists-restore",
    "api:lists-sort",
    "api:merges-split",
    "api:papers-merge",
    "api:saved-searches-feed",
    "papers:complete",
    "api:deadline-imports-undo",
    "api:list-imports-undo",
    "readinglists:undo-import",
    "api:paper-imports-undo",
    "papers:undo_import",
    *("api:lists-leave", "api:lists-items-accept", "api:lists-items-decline"),
    "api:lists-share-links-rotate",
    # Nothing is offered.
    "api:lists-transfer",
    "api:lists-transfer-accept",
    *(f"readinglists:{name}" for name in OWNERSHIP),
    *(f"readinglists:{word}-proposal" for word in PROPOSAL_ACTS),
    *(f"readinglists:shared:{word}-proposal" for word in PROPOSAL_ACTS),
    *(
        f"readinglists:{where}{name}"
        for where in ("", "shared:")
        for name in ("note-remove", "note-restore")
    ),
    "readinglists:preview",
    *(
        f"readinglists:{name}"
        for name in (
            *("delete", "sort", "restore", "restore-item", "restore-section"),
            *("remove-section", "remove-item", "move-item"),
            *("invite", "withdraw-invitation", "accept-invitation", "decline-invitation"),
            *("change-role", "remove-member", "rotate-link", "revoke-link"),
            *("undo", "restore-version"),
        )
    ),
    "search:delete",
    "search:end-feed",
    "search:look",
    "search:make-feed",
    "search:restore",
}
# The API deletes these without asking for a version: they have none.
DELETED_AS_THEY_ARE = {
    *(f"api:lists-{name}-detail" for name in ("members", "invitations", "share-links")),
    *("api:lists-follow", "api:reading-states-detail"),
}


@dataclass(frozen=True)
class Route:
    """An address pattern; `key` is its name with its namespace, or the pattern if it has none."""

    key: str
    pattern: str

    @property
    def is_admin(self) -> bool:
        return self.pattern.startswith("admin/")

    @property
    def is_own(self) -> bool:
        """About the account that asks, and nobody else's."""
        places = (
            *("accounts/", "search/saved/", "papers/import/", "tracked/", "lists/invitations/"),
            *("api/v1/^saved-searches", "api/v1/^paper-imports", "api/v1/^list-imports"),
            "lists/import/",
            *("api/v1/^deadline-imports", "api/v1/^trackings", "api/v1/^reading-states"),
            *("reading/", "lists/trash/", "lists/followed/", "api/v1/lists/<str:list_id>/follow/"),
        )
        return self.pattern.startswith(places)

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    def __str__(self) -> str:
        return self.key


def all_routes() -> list[Route]:
    return list(_routes(get_resolver()))


def _routes(resolver: URLResolver, prefix: str = "", spaces: str = "") -> Iterator[Route]:
    for each in resolver.url_patterns:
        pattern = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield Route(spaces + each.name if each.name else pattern, pattern)
        else:
            inner = f"{spaces}{each.namespace}:" if each.namespace else spaces
            yield from _routes(each, pattern, inner)


def _named(key: str, /, **kwargs: Callable[[Library], object]) -> Address:
    return lambda library: reverse(
        key, kwargs={name: value(library) for name, value in kwargs.items()}
    )


def _part(name: str) -> dict[str, Callable[[Library], object]]:
    """Of something that belongs to the library's list."""
    return {
        "list_id": lambda rows: rows.reading_list.pk,
        "pk": lambda rows: getattr(rows, name).pk,
    }


# How to fill the places of a route that has any, with something that is there.
FILLED: dict[str, Address] = {
    key: _named(key, **kwargs)
    for key, kwargs in {
        "newsletter:detail": {"slug": lambda rows: rows.issue.slug},
        "search:saved": {"pk": lambda rows: rows.saved_search.pk},
        **{
            f"search:{name}": {"pk": lambda rows: NOWHERE}
            for name in ("look", "delete", "make-feed", "end-feed")
        },
        "search:feed": {"secret": lambda rows: rows.feed_secret, "kind": lambda rows: "atom"},
        "papers:imported": {"pk": lambda rows: rows.paper_import.pk},
        "papers:undo_import": {"pk": lambda rows: rows.paper_import.pk},
        "api:paper-imports-detail": {"pk": lambda rows: rows.paper_import.pk},
        "api:paper-imports-rows": {"pk": lambda rows: rows.paper_import.pk},
        "api:paper-imports-undo": {"pk": lambda rows: rows.paper_import.pk},
        "api:deadline-imports-detail": {"pk": lambda rows: rows.deadline_import.pk},
        "api:deadline-imports-rows": {"pk": lambda rows: rows.deadline_import.pk},
        "api:deadline-imports-undo": {"pk": lambda rows: rows.deadline_import.pk},
        "api:list-imports-detail": {"pk": lambda rows: rows.list_import.pk},
        "api:list-imports-rows": {"pk": lambda rows: rows.list_import.pk},
        "api:list-imports-undo": {"pk": lambda rows: rows.list_import.pk},
        "api:lists-fork": {"list_id": lambda rows: rows.reading_list.pk},
        "readinglists:imported": {"pk": lambda rows: rows.list_import.pk},
        "readinglists:undo-import": {"pk": lambda rows: rows.list_import.pk},
        "api:trackings-detail": {"pk": lambda rows: rows.tracking.pk},
        "api:saved-searches-detail": {"pk": lambda rows: rows.saved_search.pk},
        "api:saved-searches-feed": {"pk": lambda rows: rows.saved_search.pk},
        "newsletter:topic": {"slug": lambda rows: rows.topic.slug},
        "newsletter:feed": {"kind": lambda rows: "atom"},
        "newsletter:publication_feed": {
            "slug": lambda rows: rows.publication.slug,
            "kind": lambda rows: "atom",
        },
        "newsletter:topic_feed": {
            "slug": lambda rows: rows.topic.slug,
            "kind": lambda rows: "json",
        },
        "papers:feed": {"kind": lambda rows: "atom"},
        "papers:by": {
            "scheme": lambda rows: "arxiv",
            "value": lambda rows: rows.paper.identifiers.earliest("pk").value,
        },
        "papers:complete": {"pk": lambda rows: rows.paper.pk},
        "papers:short": {"pk": lambda rows: rows.paper.pk},
        "papers:detail": {"pk": lambda rows: rows.paper.pk, "slug": lambda rows: rows.paper.slug},
        "papers:cite": {"pk": lambda rows: rows.paper.pk, "slug": lambda rows: rows.paper.slug},
        "prizes:detail": {"slug": lambda rows: rows.prize.slug},
        "prizes:prize_ics": {"slug": lambda rows: rows.prize.slug},
        "prizes:prize_atom": {"slug": lambda rows: rows.prize.slug},
        "prizes:prize_json": {"slug": lambda rows: rows.prize.slug},
        "prizes:deadline_ics": {"pk": lambda rows: rows.deadline.pk},
        "prizes:track": {"slug": lambda rows: rows.prize.slug},
        "prizes:tracking": {"pk": lambda rows: rows.tracking.pk},
        "prizes:forget": {"pk": lambda rows: rows.tracking.pk},
        "accounts:revoke-token": {"pk": lambda rows: NOWHERE},
        "accounts:withdraw-invitation": {"pk": lambda rows: NOWHERE},
        "accounts:invitation": {"token": lambda rows: rows.invitation},
        "accounts:maintainer": {"token": lambda rows: rows.maintainer_link},
        "account_confirm_email": {"key": lambda rows: "abc"},
        "account_reset_password_from_key": {
            "uidb36": lambda rows: "1",
            "key": lambda rows: "set-password",
        },
        "mfa_remove_webauthn": {"pk": lambda rows: 1},
        "mfa_edit_webauthn": {"pk": lambda rows: 1},
        "api:publications-detail": {"pk": lambda rows: rows.publication.pk},
        "api:issues-detail": {"pk": lambda rows: rows.issue.pk},
        "api:topics-detail": {"pk": lambda rows: rows.topic.pk},
        "api:entries-detail": {"pk": lambda rows: rows.entry.pk},
        "api:papers-enrich": {"pk": lambda rows: rows.paper.pk},
        "api:papers-detail": {"pk": lambda rows: rows.paper.pk},
        "api:papers-merge": {"pk": lambda rows: rows.paper.pk},
        "api:merges-split": {"pk": lambda rows: rows.row_of(Merge).pk},
        "api:prizes-detail": {"pk": lambda rows: rows.prize.pk},
        "api:lists-detail": {"pk": lambda rows: rows.reading_list.pk},
        **{
            f"api:lists-items-{word}": {
                "list_id": lambda rows: rows.reading_list.pk,
                "pk": lambda rows: rows.list_item.pk,
            }
            for word in ("accept", "decline")
        },
        **{
            f"api:lists-{name}": {"pk": lambda rows: rows.reading_list.pk}
            for name in ("order", "sort", "restore")
        },
        **{
            f"api:lists-{name}": {"list_id": lambda rows: rows.reading_list.pk}
            for name in (
                *("members-list", "invitations-list", "share-links-list"),
                *("leave", "transfer", "transfer-accept"),
            )
        },
        "api:lists-members-detail": {
            "list_id": lambda rows: rows.reading_list.pk,
            "pk": lambda rows: rows.reader.public_id,
        },
        "api:lists-invitations-detail": {
            "list_id": lambda rows: rows.reading_list.pk,
            "pk": lambda rows: rows.reading_list.invitations.get().pk,
        },
        **{
            f"api:lists-share-links-{name}": {
                "list_id": lambda rows: rows.reading_list.pk,
                "pk": lambda rows: rows.share_link.pk,
            }
            for name in ("detail", "rotate")
        },
        "readinglists:invitation": {"secret": lambda rows: rows.list_invitation},
        "readinglists:restore": {"pk": lambda rows: NOWHERE},
        "readinglists:accept-invitation": {"pk": lambda rows: NOWHERE},
        "readinglists:decline-invitation": {"pk": lambda rows: NOWHERE},
        **{
            f"api:lists-{part}-list": {"list_id": lambda rows: rows.reading_list.pk}
            for part in ("items", "sections", "notes", "events")
        },
        "api:lists-follow": {"list_id": lambda rows: rows.reading_list.pk},
        "api:reading-states-detail": {"pk": lambda rows: rows.paper.pk},
        "readinglists:reading-state": {"pk": lambda rows: rows.paper.pk},
        "readinglists:own-feed": {
            "secret": lambda rows: rows.list_feed_secret,
            "kind": lambda rows: "atom",
        },
        "api:lists-revisions-list": {"list_id": lambda rows: rows.reading_list.pk},
        "api:lists-revisions-detail": {
            "list_id": lambda rows: rows.reading_list.pk,
            "pk": lambda rows: 1,
        },
        "api:lists-items-detail": _part("list_item"),
        "api:lists-sections-detail": _part("list_section"),
        "api:lists-notes-detail": _part("list_note"),
        "api:lists-events-detail": _part("list_event"),
        "api:lists-events-undo": _part("list_event"),
        "api:deadlines-detail": {"pk": lambda rows: rows.deadline.pk},
        "admin:view_on_site": {
            "content_type_id": lambda rows: _content_type(rows.paper),
            "object_id": lambda rows: rows.paper.pk,
        },
        "admin:papers_paper_compare": {
            "duplicate": lambda rows: rows.row_of(DuplicateSuggestion).other_id,
            "into": lambda rows: rows.paper.pk,
        },
        "admin:papers_merge_split": {"pk": lambda rows: rows.row_of(Merge).pk},
        "admin:app_list": {"app_label": lambda rows: "papers"},
        "admin:auth_user_password_change": {"id": lambda rows: rows.reader.pk},
    }.items()
}
# Faces of a list stand at its own address, and below a share link's.
LIST_FACES: dict[str, dict[str, Callable[[Library], object]]] = {
    "export-file": {"form": lambda rows: "html"},
    "feed": {"kind": lambda rows: "atom"},
    "item-notes": {"item": lambda rows: rows.list_item.pk},
    **{
        name: {"note": lambda rows: rows.list_note.pk}
        for name in ("note", "note-remove", "note-restore")
    },
    "proposals": {},
    **{f"{word}-proposal": {"item": lambda rows: NOWHERE} for word in PROPOSAL_ACTS},
    "revision": {"number": lambda rows: 1},
    "revision-bytes": {"number": lambda rows: 1},
    "revision-citation": {"number": lambda rows: 1, "form": lambda rows: "bibtex"},
    **{name: {} for name in ("copy", "export", "revisions", "detail")},
}
for name, kwargs in LIST_FACES.items():
    FILLED[f"readinglists:{name}"] = _named(
        f"readinglists:{name}", pk=lambda rows: rows.reading_list.pk, **kwargs
    )
    FILLED[f"readinglists:shared:{name}"] = _named(
        f"readinglists:shared:{name}", secret=lambda rows: rows.list_secret, **kwargs
    )
# What members and owners reach at its own address alone.
OF_A_LIST: dict[str, dict[str, Callable[[Library], object]]] = {
    **{name: {} for name in ("members", "invite", "leave", "links", *OWNERSHIP)},
    **{name: {} for name in ("settings", "follow")},
    **{name: {} for name in ("history", "order", "sort", "delete", "list-trash", "add-to")},
    "new-section": {},
    **{
        name: {"section": lambda rows: rows.list_section.pk}
        for name in ("section", "remove-section", "restore-section")
    },
    **{
        name: {"item": lambda rows: rows.list_item.pk}
        for name in ("item", "move-item", "remove-item", "restore-item")
    },
    **{name: {"version": lambda rows: 1} for name in ("version", "undo", "restore-version")},
    **{name: {"member": lambda rows: NOWHERE} for name in ("change-role", "remove-member")},
    "withdraw-invitation": {"invitation": lambda rows: NOWHERE},
    **{
        name: {"link": lambda rows: rows.share_link.pk}
        for name in ("link", "rotate-link", "revoke-link")
    },
}
for name, kwargs in OF_A_LIST.items():
    FILLED[f"readinglists:{name}"] = _named(
        f"readinglists:{name}", pk=lambda rows: rows.reading_list.pk, **kwargs
    )
FILLED["papers:by_url"] = lambda rows: (
    f"/papers/by/url/?url=https://arxiv.org/abs/{rows.paper.identifiers.earliest('pk').value}"
)
FILLED["prizes:calendar"] = lambda rows: f"/calendars/{rows.calendar_secret}.ics"
FILLED["prizes:stop-reminders"] = lambda rows: stop_address(rows.tracking).removeprefix(
    settings.SITE_URL
)
FILLED["readinglists:add"] = lambda rows: (
    f"/lists/add/?paper={rows.paper.pk}&entry={rows.entry.pk}&prize={rows.prize.pk}"
    f"&section={rows.section.pk}&url=https://example.org/"
)
FILLED["search:results"] = lambda rows: "/search/?q=paper"
FILLED["search:results-feed"] = lambda rows: "/feeds/search.atom?q=paper"
FILLED["api:search"] = lambda rows: "/api/v1/search/?q=paper&facets=1"
FILLED["admin/(?P<url>.*)$"] = lambda rows: "/admin/nothing/"


def _content_type(row) -> int:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_model(row).pk


def _of_the_admin() -> dict[str, Address]:
    """What every registered model brings: its list, and pages of one row."""
    filled: dict[str, Address] = {}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        base = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        filled[f"{base}<path:object_id>/"] = _row_address(model, base, "")
        for action in ("change", "delete", "history"):
            filled[f"{name}_{action}"] = _row_address(model, base, f"{action}/")
        filled[f"{name}_simple_history"] = _version_address(model, base)
    return filled


def _row_address(model, base: str, action: str) -> Address:
    return lambda library: f"/{base}{library.row_of(model).pk}/{action}"


def _version_address(model, base: str) -> Address:
    def address(library: Library) -> str:
        row = library.row_of(model)
        return f"/{base}{row.pk}/history/{row.history.latest().history_id}/"

    return address


FILLED.update(_of_the_admin())


def address_of(route: Route, library: Library) -> str:
    """An address of this route that leads to something."""
    if route.key in FILLED:
        return FILLED[route.key](library)
    return reverse(route.key)


def needs_filling(route: Route) -> bool:
    return "<" in route.pattern or "(" in route.pattern
