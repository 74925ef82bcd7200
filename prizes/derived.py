"""Ids of rows made from issues: derived from what they say, so that a fresh import gives the same
ones, and so that they are told from what people add."""

import uuid

from newsletter.models import Entry, Issue

NAMESPACE = uuid.UUID("9c1f3b5e-55a4-5d0b-9b7c-2f6a64ac7d31")
FROM_A_NAME = 5  # the version of a UUID that is derived; people's rows have random ones


def derive(issue: Issue, entry: Entry | None, *parts: object) -> uuid.UUID:
    place = entry.anchor if entry else ""
    return uuid.uuid5(NAMESPACE, "|".join(map(str, (issue.slug, place, *parts))))


def is_derived(key: uuid.UUID) -> bool:
    return key.version == FROM_A_NAME
