"""The slug in a list's address, which must not read like one of the pages below it."""

from markup.slugs import slugify

LONGEST = 120
# One word after the list's id is a page of the list; a test compares these with the addresses.
PAGES = frozenset(
    [
        "add",
        "cite",
        "copy",
        "delete",
        "edit",
        "export",
        "follow",
        "history",
        "invitations",
        "items",
        "leave",
        "links",
        "members",
        "notes",
        "order",
        "progress",
        "proposals",
        "revisions",
        "sections",
        "settings",
        "sort",
        "transfer",
        "trash",
    ]
)


def list_slug(title: str) -> str:
    slug = slugify(title)[:LONGEST].strip("-") or "list"
    return f"{slug}-list" if slug in PAGES else slug


def list_path(pk: object, slug: str) -> str:
    return f"/lists/{pk}/{slug}/"


def shared_path(secret: str) -> str:
    """Where a share link leads."""
    return f"/s/{secret}/"
