"""The lists a token can be limited to: they stand above accounts, which know no more than ids."""

from collections.abc import Callable, Mapping
from uuid import UUID

from accounts.models import User

Titles = Callable[[User], Mapping[UUID, str]]
_titles: list[Titles] = []


def lists_by(titles: Titles) -> Titles:
    """Register what names the lists of a person, in the order to offer them."""
    if titles not in _titles:
        _titles.append(titles)
    return titles


def lists_of(user: User) -> dict[UUID, str]:
    return {pk: title for titles in _titles for pk, title in titles(user).items()}
