"""Every address that could tell something of a list, from the URL resolver: how it is filled, and
what of the list it shows. A route about lists that has no row here fails a test.

A row of one list is asked once for each list; what it `shows` has to be there for whoever may know
it. What nobody may know from it follows from the rules alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from readinglists.exporting.formats import ALL_FORMATS
from tests.readinglists.leaks.shelf import COMMON, Shelf, Standing
from tests.site.addresses import NOWHERE, all_routes

Fill = Callable[[Standing], dict[str, Any]]


@dataclass(frozen=True)
class Face:
    """Of one list. `fills` are the ways its address can be filled, one address each."""

    shows: frozenset[str] = frozenset()
    fills: Sequence[Fill] = (lambda of: {},)
    # Answers of a state that was kept, as it was then.
    is_frozen: bool = False
    query: str = ""


@dataclass(frozen=True)
class Many:
    """Of many lists or none: it is asked at these addresses, and tells only of lists that are
    listed for whoever asks."""

    addresses: Callable[[Shelf], Iterable[str]]
    shows: frozenset[str] = frozenset()
    # Tells people what they wrote themselves, wherever that stands now.
    tells_own: bool = False


def one(*shows: str, **how: Any) -> Face:
    return Face(frozenset(shows), **how)


def many(*addresses: str, shows: Iterable[str] = (), **how: Any) -> Many:
    return Many(lambda shelf: addresses, frozenset(shows), **how)


ITEMS = ("item", "hidden", "trashed", "proposal")
NOTES = (
    *("public note", "members note", "former's note", "owner's private note"),
    *("viewer's private note", "somebody's private note", "note made private", "note removed"),
    *("public note on a proposal", "note on a trashed item"),
)
SAID = frozenset(
    {
        *("public note", "members note", "former's note", "owner's private note"),
        *("viewer's private note", "somebody's private note"),
    }
)
BY_ITEM = tuple((lambda of, name=name: {"item": of.items[name].pk}) for name in ITEMS)
BY_NOTE = tuple((lambda of, name=name: {"note": of.notes[name].pk}) for name in NOTES)


def _pk(fills: Iterable[Fill]) -> tuple[Fill, ...]:
    """As the API names the thing of a part."""
    return tuple(lambda of, fill=fill: {"pk": next(iter(fill(of).values()))} for fill in fills)


TEXTS = frozenset({"title", "section title", "section prose", "item title"})
# By the list's own address, and below a share link's.
PAGE = frozenset({*TEXTS, "description", "proposal", *SAID})
SHARED: dict[str, Face] = {
    "detail": Face(PAGE),
    "feed": one(
        *("title", "item title", "public note"),
        fills=tuple(lambda of, kind=kind: {"kind": kind} for kind in ("atom", "json")),
    ),
    "copy": one("title"),
    "export": one("title"),
    "export-file": Face(
        frozenset({"item title"}),
        tuple(lambda of, form=form: {"form": form} for form in ALL_FORMATS),
    ),
    "item-notes": Face(fills=BY_ITEM),
    "note": Face(fills=BY_NOTE),
    **{name: Face(fills=BY_NOTE[:2]) for name in ("note-remove", "note-restore")},
    "proposals": one("title"),
    **{
        f"{word}-proposal": Face(fills=(BY_ITEM[0], BY_ITEM[-1]))
        for word in ("accept", "decline", "withdraw")
    },
    "revisions": one("title"),
    **{
        name: Face(frozenset(shows), (fill,), is_frozen=True)
        for name, shows, fill in (
            ("revision", {"title", "item title", "public note"}, lambda of: {"number": 1}),
            ("revision-bytes", {"title", "item title"}, lambda of: {"number": 1}),
            ("revision-citation", {"title"}, lambda of: {"number": 1, "form": "bibtex"}),
        )
    },
}
VERSIONS = tuple((lambda of, number=number: {"version": number}) for number in (1, 2, 9))
OWN: dict[str, Face] = {
    "detail": Face(PAGE, (lambda of: {"slug": of.reading_list.slug},)),
    **{name: one("title") for name in ("settings", "new-section", "add-to")},
    "order": one("title", "section title", "item title"),
    "list-trash": one("title", "trashed item"),
    **{name: Face() for name in ("sort", "delete")},
    **{
        name: Face(fills=(lambda of: {"section": of.section.pk},))
        for name in ("section", "remove-section", "restore-section")
    },
    **{name: Face(fills=BY_ITEM) for name in ("item", "move-item", "remove-item", "restore-item")},
    "follow": Face(),
    "members": one("title", "viewer's name", "contributor's name"),
    "links": one("title", "link's name"),
    **{
        name: Face(fills=(lambda of: {"link": of.first("share_links").pk},))
        for name in ("link", "rotate-link", "revoke-link")
    },
    **{
        name: Face(fills=(lambda of: {"member": of.first("memberships").pk},))
        for name in ("change-role", "remove-member")
    },
    "withdraw-invitation": Face(fills=(lambda of: {"invitation": of.first("invitations").pk},)),
    **{
        name: Face()
        for name in (
            *("invite", "leave", "offer-ownership", "take-back-offer"),
            *("accept-ownership", "decline-ownership"),
        )
    },
    "history": one("former title"),
    **{name: Face(fills=VERSIONS) for name in ("version", "undo", "restore-version")},
}
API: dict[str, Face] = {
    "lists-detail": one("id", "title", "description", fills=(lambda of: {"pk": of.pk},)),
    **{
        f"lists-{name}": Face(fills=(lambda of: {"pk": of.pk},))
        for name in ("order", "restore", "sort")
    },
    "lists-leave": Face(),
    "lists-fork": Face(),
    "lists-follow": Face(),
    "lists-revisions-list": Face(),
    "lists-revisions-detail": Face(
        frozenset({"title", "item title"}), (lambda of: {"pk": 1},), is_frozen=True
    ),
    "lists-transfer": Face(),
    "lists-transfer-accept": Face(),
    "lists-items-list": one("item title", "item url", "paper's own title", "proposal", *SAID),
    "lists-items-detail": Face(fills=_pk(BY_ITEM)),
    **{f"lists-items-{word}": Face(fills=_pk(BY_ITEM[:1])) for word in ("accept", "decline")},
    "lists-sections-list": one("section title", "section prose"),
    "lists-sections-detail": Face(
        frozenset({"section title"}), (lambda of: {"pk": of.section.pk},)
    ),
    "lists-notes-list": one(*SAID, "public note on a proposal"),
    "lists-notes-detail": Face(fills=_pk(BY_NOTE)),
    "lists-events-list": one("former title", "public note", query="?page_size=200"),
    "lists-events-detail": Face(
        fills=tuple(
            (lambda of, verb=verb: {"pk": of.events(verb).pk})
            for verb in ("noted", "changed", "proposed", "made private", "removed")
        )
    ),
    "lists-events-undo": Face(fills=(lambda of: {"pk": of.events("changed").pk},)),
    "lists-members-list": one("owner's name", "viewer's name"),
    "lists-members-detail": Face(
        fills=(lambda of: {"pk": of.first("memberships").user.public_id},)
    ),
    "lists-invitations-list": one("addressee"),
    "lists-invitations-detail": Face(fills=(lambda of: {"pk": of.first("invitations").pk},)),
    "lists-share-links-list": one("link's name"),
    **{
        f"lists-share-links-{name}": Face(fills=(lambda of: {"pk": of.first("share_links").pk},))
        for name in ("detail", "rotate")
    },
}

SEARCH = f"?q={COMMON}"
MANY: dict[str, Many] = {
    "home": many("/"),
    "readinglists:index": many("/lists/", shows=("title",)),
    "readinglists:new": many("/lists/new/"),
    "readinglists:trash": many("/lists/trash/", shows=("trashed list",)),
    "readinglists:restore": many(f"/lists/trash/{NOWHERE}/restore/"),
    "readinglists:add": Many(
        lambda shelf: ["/lists/add/", f"/lists/add/?paper={shelf.paper.pk}"],
    ),
    "readinglists:from-anywhere": many(
        "/lists/from-anywhere/", "/lists/from-anywhere/?url=https://example.org/"
    ),
    "readinglists:followed": many("/lists/followed/"),
    "readinglists:reading": many("/reading/"),
    "readinglists:reading-pace": many("/reading/pace/"),
    "readinglists:reading-state": Many(lambda shelf: [f"/reading/papers/{shelf.paper.pk}/"]),
    "api:reading-states-list": many("/api/v1/reading-states/"),
    "api:reading-states-detail": Many(lambda shelf: [f"/api/v1/reading-states/{shelf.paper.pk}/"]),
    "readinglists:invitations": many("/lists/invitations/"),
    "readinglists:preview": many("/lists/preview/"),
    "api:lists-list": many("/api/v1/lists/?page_size=200", shows=("id", "title", "description")),
    "api:changes": many("/api/v1/changes/?page_size=200"),
    "api:index": many("/api/v1/"),
    "api:search": many(
        f"/api/v1/search/{SEARCH}&page_size=200&facets=1",
        f"/api/v1/search/{SEARCH}&kind=note&page_size=200",
        shows=("public note", "members note", "viewer's private note"),
    ),
    "search:results": many(
        *(f"/search/{SEARCH}{more}" for more in ("", "&kind=list", "&kind=note")),
        f"/search/{SEARCH[:-3]}&kind=list",
    ),
    "search:results-feed": many(
        *(f"/feeds/search.{kind}{SEARCH}" for kind in ("atom", "json")), shows=("title",)
    ),
    "papers:list": many("/papers/", "/papers/?q=has:note"),
    "papers:detail": Many(lambda shelf: [shelf.paper.get_absolute_url()]),
    "papers:cite": Many(lambda shelf: [f"{shelf.paper.get_absolute_url()}cite/"]),
    "papers:export": many("/papers/export/?format=bibtex", "/papers/export/?format=csljson"),
    "papers:feed": many("/feeds/papers.atom"),
    "api:papers-list": many("/api/v1/papers/?q=has:note", "/api/v1/papers/?format=bibtex"),
    "api:papers-detail": Many(lambda shelf: [f"/api/v1/papers/{shelf.paper.pk}/"]),
    "newsletter:detail": Many(lambda shelf: [shelf.entry.issue.get_absolute_url()]),
    "newsletter:topic": Many(lambda shelf: [shelf.topic.get_absolute_url()]),
    "newsletter:topics": many("/topics/"),
    "newsletter:list": many("/issues/"),
    "api:entries-detail": Many(lambda shelf: [f"/api/v1/entries/{shelf.entry.pk}/"]),
    "api:topics-list": many("/api/v1/topics/"),
    "prizes:detail": Many(lambda shelf: [shelf.prize.get_absolute_url()]),
    "api:prizes-detail": Many(lambda shelf: [f"/api/v1/prizes/{shelf.prize.pk}/"]),
    "accounts:data": many("/accounts/data/", tells_own=True),
    "search:saved-list": many("/search/saved/"),
}
# Routes that name nothing that could stand on a list: of others nothing is shown there, or what
# a row above asks stands for them. The admin is for maintainers, whom nothing is kept from.
APART = (
    *("admin/", "accounts/", "theme/", "manifest.webmanifest", "favicon.ico", "healthz", "readyz"),
    *("calendars/", "reminders/", "tracked/", "deadlines", "prizes/", "feeds/", "search/saved/"),
    *("papers/", "unapi", "issues/", "topics/", "api/v1/docs/", "api/v1/schema/", "api/v1/merges/"),
    *(
        f"api/v1/^{name}"
        for name in (
            *("publications", "issues", "topics", "entries", "papers", "paper-imports", "prizes"),
            *("deadlines", "deadline-imports", "trackings", "saved-searches"),
        )
    ),
    "api/v1/papers/",
    # An account's own runs, with what it brought in itself.
    *("lists/import/", "api/v1/^list-imports"),
)


# Answer to a GET with a refusal and nothing else; `test_writes.py` sends them what they take.
WRITING = {
    *(
        f"readinglists:{way}{name}"
        for way in ("", "shared:")
        for name in (
            *("accept-proposal", "decline-proposal", "withdraw-proposal"),
            *("note-remove", "note-restore"),
        )
    ),
    *(
        f"readinglists:{name}"
        for name in (
            *("accept-invitation", "decline-invitation", "preview", "invite"),
            *("withdraw-invitation", "change-role", "remove-member", "rotate-link", "revoke-link"),
            *("offer-ownership", "take-back-offer", "accept-ownership", "decline-ownership"),
            *("undo", "restore-version", "follow", "reading-state", "sort", "move-item"),
            *(
                "delete",
                "restore",
                "remove-section",
                "restore-section",
                "remove-item",
                "restore-item",
            ),
        )
    ),
    *(
        f"api:lists-{name}"
        for name in (
            *("restore", "sort", "leave", "transfer", "transfer-accept", "events-undo"),
            *("items-accept", "items-decline", "share-links-rotate", "fork", "follow"),
        )
    ),
}


def rows() -> dict[str, Face | Many]:
    """By route."""
    return {
        **MANY,
        **{f"readinglists:{name}": face for name, face in (SHARED | OWN).items()},
        **{f"readinglists:shared:{name}": face for name, face in SHARED.items()},
        # What it tells whoever was invited is what they were told.
        "readinglists:invitation": many(),
        **{
            f"readinglists:{word}-invitation": many(f"/lists/invitations/{NOWHERE}/{word}/")
            for word in ("accept", "decline")
        },
        **{f"api:{name}": face for name, face in API.items()},
    }


def missing() -> list[str]:
    """Routes that nobody has thought of."""
    known = rows()
    return [
        route.key
        for route in all_routes()
        if route.key not in known and not route.pattern.startswith(APART)
    ]


def address_of(key: str, fill: Fill, of: Standing, secret: str | None = None) -> str:
    """Of a face of one list; by the list's id, or by a link's secret."""
    kwargs = fill(of)
    if ":shared:" in key:
        kwargs["secret"] = secret
    elif key.startswith("api:lists-") and key not in BY_ITS_OWN_ID:
        kwargs["list_id"] = of.pk
    elif key.startswith("readinglists:"):
        kwargs["pk"] = of.pk
    return reverse(key, kwargs=kwargs)


BY_ITS_OWN_ID = {f"api:lists-{name}" for name in ("detail", "order", "restore", "sort")}
