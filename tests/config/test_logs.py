"""Our own log lines: who reads them must not be able to use a link they speak of."""

import logging
from io import StringIO

import pytest

from config.logs import mask

SECRET = "Q9DUnZG0eVLT6Vr2lY1GN_DCwiJ5VtK7dqqSN2cU2KA"


@pytest.mark.parametrize("place", ["maintainer", "invitation"])
def test_a_secret_in_an_address_is_masked(place):
    assert mask(f"Not Found: /accounts/{place}/{SECRET}/") == f"Not Found: /accounts/{place}/***/"
    following = f"/accounts/reauthenticate/?next=/accounts/{place}/{SECRET}/"
    assert SECRET not in mask(following)
    assert SECRET not in mask(f"?next=%2Faccounts%2F{place}%2F{SECRET}%2F")


def test_keys_that_come_by_mail_are_masked():
    key = "MQ:1wCzDi:pQ2cXgZ9vSx3lTVd5bBZzmPqk_Ym3y5Qm3hKzXxT2AI"
    assert key not in mask(f"/accounts/confirm-email/{key}/")
    assert mask("/accounts/password/reset/key/1-cx3v9q-0123456789abcdef/") == (
        "/accounts/password/reset/key/***/"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /papers/12/on-the-unreasonable-length-of-titles-of-papers-about-robustness/",
        "Forbidden: /accounts/invitations/",
        "Not Found: /accounts/invitations/01890a5d-ac96-774b-bcce-b302099a8057/withdraw/",
    ],
)
def test_other_addresses_stay_readable(line):
    assert mask(line) == line


def test_an_api_token_is_masked():
    assert mask(f"token rl_{SECRET} is not valid") == "token rl_*** is not valid"


@pytest.fixture
def written(monkeypatch) -> StringIO:
    """What goes to standard error, by the handler that the settings make."""
    stream = StringIO()
    (handler,) = [h for h in logging.getLogger().handlers if h.name == "stderr"]
    monkeypatch.setattr(handler, "stream", stream)
    return stream


@pytest.mark.django_db
def test_a_wrong_link_is_noted_without_its_secret(client, written):
    client.get(f"/accounts/maintainer/{SECRET}/")

    assert "Not Found: /accounts/maintainer/***/" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_a_traceback_tells_it_no_more_than_the_message(written):
    try:
        raise ValueError(f"/accounts/invitation/{SECRET}/")
    except ValueError:
        logging.getLogger("anything").exception("it failed")

    assert "ValueError: /accounts/invitation/***/" in written.getvalue()
