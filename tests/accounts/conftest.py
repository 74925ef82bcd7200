from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User

PASSWORD = "correct horse battery"


def make_account(username: str = "ada", **fields) -> User:
    user = User.objects.create_user(username, f"{username}@example.org", PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture
def account(db) -> Callable[..., User]:
    return make_account


@pytest.fixture
def user(db) -> User:
    return make_account()


@pytest.fixture
def maintainer(db) -> User:
    return make_account("grace", is_staff=True, is_superuser=True)


def sign_in(client: Client, user: User, password: str = PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": user.username, "password": password}, **extra)


def confirm_password(client: Client) -> None:
    """What "Is it you?" asks before a page that could do harm."""
    response = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert response.status_code == 302


@pytest.fixture
def trusted(client: Client, user: User) -> Client:
    """Signed in, and has just shown who it is."""
    sign_in(client, user)
    confirm_password(client)
    return client


@pytest.fixture
def other_browser() -> Client:
    return Client()
