"""Share links: secrets that open one list. Only their hash is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from api.in_passing import in_passing
from markup.text import clean_line
from readinglists.editing.writing import Refused, sent_before, tell
from readinglists.models import ReadingList, ShareLink
from readinglists.sharing.holding import held_by_owner

MOST_LINKS = 100  # of one list, that work
# 192 random bits: too many to guess, so that a fast hash is enough.
SECRET_BYTES = 24
# A link that many people read is not written to each time one of them does.
_NOTED_EVERY = timedelta(minutes=1)


@sensitive_variables("secret")
def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def new_secret() -> tuple[str, str]:
    """A secret, to be shown once, and the hash to be kept."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return secret, digest_of(secret)


def working_links(now: datetime | None = None) -> Any:
    """Links that open something: neither revoked nor expired, of an account still in use and in
    charge, and of a list that is not in the trash."""
    now = now or timezone.now()
    return ShareLink.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now),
        revoked_at=None,
        created_by__is_active=True,
        reading_list__owner=F("created_by"),
        reading_list__deleted_at=None,
    )


@sensitive_variables("secret")
def link_of(secret: str) -> ShareLink | None:
    """The working link behind a secret, with its list; notes that it was used."""
    found = working_links().filter(digest=digest_of(secret))
    link = found.select_related("reading_list__owner", "reading_list__cover_topic").first()
    if link is not None:
        _note_use(link)
    return link


def _note_use(link: ShareLink) -> None:
    now = timezone.now()
    if link.last_used_at is None or now - link.last_used_at >= _NOTED_EVERY:
        with in_passing(f"use of share link {link.pk}"):
            ShareLink.objects.filter(pk=link.pk).update(last_used_at=now)


@sensitive_variables("secret")
def make_link(
    pk: UUID,
    actor: Any,
    name: str,
    allows: str,
    expires_at: datetime | None = None,
    *,
    request_id: UUID | None = None,
) -> tuple[ShareLink, str]:
    """A new link and its secret, which is returned once and kept nowhere.

    Sent again with the same `request_id` it is the same link, and its secret is gone.
    """
    request_id = request_id or uuid4()
    name = _clean_name(name)
    _require_ahead(expires_at)
    if allows not in ShareLink.Allows:
        raise Refused("A link allows view, view_notes or propose.", field="allows")
    with held_by_owner(pk, actor) as reading_list:
        if sent_before(ShareLink, request_id, reading_list=reading_list):
            return ShareLink.objects.get(pk=request_id), ""
        if working_links().filter(reading_list=reading_list).count() >= MOST_LINKS:
            raise Refused(f"A list has at most {MOST_LINKS} links: revoke one.", code="too_many")
        secret, digest = new_secret()
        link = ShareLink.objects.create(
            pk=request_id,
            reading_list=reading_list,
            name=name,
            digest=digest,
            allows=allows,
            created_by=actor,
            expires_at=expires_at,
        )
        # Its name may say for whom it is: that is for the owner alone, not for the history.
        tell(reading_list, actor, "shared", ("link", link.pk), None, {"link": _state(link)})
    return link, secret


def change_link(pk: UUID, actor: Any, link: UUID, **fields: Any) -> ShareLink:
    """Its name, and until when it works: no business of the list's history."""
    if "name" in fields:
        fields["name"] = _clean_name(fields["name"])
    if "expires_at" in fields:
        _require_ahead(fields["expires_at"])
    with held_by_owner(pk, actor) as reading_list:
        held = _unrevoked(reading_list, link)
        for name, value in fields.items():
            setattr(held, name, value)
        held.save(update_fields=list(fields))
    return held


@sensitive_variables("secret")
def rotate_link(
    pk: UUID, actor: Any, link: UUID, *, based_on: datetime | None = None
) -> tuple[ShareLink, str]:
    """A new secret for it; the address before leads nowhere from now on. Nothing happens, and
    nothing is returned to show, if it was rotated since `based_on`: a page was sent again."""
    with held_by_owner(pk, actor) as reading_list:
        held = _unrevoked(reading_list, link)
        if based_on is not None and based_on != held.made_at:
            return held, ""
        secret, held.digest = new_secret()
        held.rotated_at = timezone.now()
        held.last_used_at = None
        held.save(update_fields=["digest", "rotated_at", "last_used_at"])
        tell(reading_list, actor, "rotated", ("link", link))
    return held, secret


def revoke_link(pk: UUID, actor: Any, link: UUID) -> None:
    """Said twice it is one."""
    with held_by_owner(pk, actor) as reading_list:
        found = ShareLink.objects.filter(reading_list=reading_list, pk=link, revoked_at=None)
        if found.update(revoked_at=timezone.now()):
            tell(reading_list, actor, "revoked", ("link", link))


def _unrevoked(reading_list: ReadingList, link: UUID) -> ShareLink:
    found = ShareLink.objects.filter(reading_list=reading_list, pk=link, revoked_at=None).first()
    if found is None:
        raise Refused("This link is revoked: make another.", code="gone")
    return found


def _clean_name(name: str) -> str:
    name = clean_line(name)
    longest = ShareLink._meta.get_field("name").max_length or 0
    if not name or len(name) > longest:
        raise Refused(f"Give the link a name of at most {longest} characters.", field="name")
    return name


def _require_ahead(expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused("Choose a time to come.", field="expires_at")


def _state(link: ShareLink) -> dict[str, Any]:
    until = link.expires_at.isoformat() if link.expires_at else None
    return {str(link.pk): {"allows": str(link.allows), "expires_at": until}}
