from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.journeys import confirm_password, make_account, sign_in


@pytest.fixture
def account(db) -> Callable[..., User]:
    return make_account


@pytest.fixture
def user(db) -> User:
    return make_account()


@pytest.fixture
def maintainer(db) -> User:
    return make_account("grace", is_staff=True, is_superuser=True)


@pytest.fixture
def trusted(client: Client, user: User) -> Client:
    """Signed in, and has just shown who it is."""
    sign_in(client, user)
    confirm_password(client)
    return client


@pytest.fixture
def other_browser() -> Client:
    return Client()
