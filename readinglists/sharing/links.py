"""Share links: secrets that open one list. Only their hash is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from readinglists.models import ShareLink

# 192 random bits: too many to guess, so that a fast hash is enough.
SECRET_BYTES = 24
# A link that many people read is not written to each time one of them does.
_NOTED_EVERY = timedelta(minutes=1)


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
        ShareLink.objects.filter(pk=link.pk).update(last_used_at=now)
