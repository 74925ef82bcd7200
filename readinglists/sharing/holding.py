"""A list held for a change of who may see it: the right is looked at again under the lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from readinglists.editing.writing import locked
from readinglists.models import ReadingList
from readinglists.rights import standing_of


@contextmanager
def held_by_owner(pk: UUID, actor: Any) -> Iterator[ReadingList]:
    """For what the owner alone may do, who may have handed the list over a moment ago."""
    with locked(pk) as reading_list:
        if reading_list.deleted_at is not None or not standing_of(reading_list, actor).is_owner:
            raise PermissionDenied
        yield reading_list


@contextmanager
def held_by_editor(pk: UUID, actor: Any) -> Iterator[ReadingList]:
    with locked(pk) as reading_list:
        if reading_list.deleted_at is not None or not standing_of(reading_list, actor).may_edit:
            raise PermissionDenied
        yield reading_list
