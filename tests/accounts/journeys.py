"""What people do on the account pages, as steps that tests are made of."""

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from accounts.models import User

PASSWORD = "correct horse battery"
NEW_PASSWORD = {"password1": "another good one", "password2": "another good one"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_account(username: str = "ada", **fields) -> User:
    user = User.objects.create_user(username, f"{username}@example.org", PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def sign_in(client: Client, user: User, password: str = PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": user.username, "password": password}, **extra)


def confirm_password(client: Client) -> None:
    """What "Is it you?" asks before a page that could do harm."""
    response = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert response.status_code == 302


def current_code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def enter(client: Client, code: str):
    return client.post("/accounts/2fa/authenticate/", {"code": code})


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/preferences/").status_code == 200
