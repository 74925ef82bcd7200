"""Account pages in a real browser under the site's content security policy.

A violation, a line in the console or a request to elsewhere fails each of these (browser_fixtures).
"""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axe_playwright_python.sync_playwright import Axe
from django.core import mail

from accounts.invitations import invite
from accounts.maintainers import make_maintainer_link
from accounts.models import ApiToken, User

pytestmark = pytest.mark.one_database

HOME = re.compile(r"^http://[^/]+/$")
PASSWORD = "correct horse battery"
OWN_PAGES = [
    "/accounts/preferences/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
    "/accounts/tokens/",
    "/accounts/invitations/",
    "/accounts/delete/",
    "/accounts/logout/",
]
ENTRANCES = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/theme/"]


@pytest.fixture
def maintainer(transactional_db) -> User:
    user = User.objects.create_superuser("grace", "grace@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def sign_in(page, name: str = "grace") -> None:
    page.goto("/accounts/login/")
    page.get_by_label("User name or e-mail").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(HOME)


def prove(page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def add_security_device(page) -> None:
    """A passkey device that says yes, as Chromium's own tools make one."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True}
    options |= {"automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def serious(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def test_from_sign_up_to_recovery_codes(page, transactional_db, screenshots):
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("heading", name="Confirm your address").wait_for()

    (link,) = re.findall(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body)
    page.goto(link)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    sign_in(page, "ada")

    page.goto("/accounts/2fa/totp/activate/")
    prove(page)
    picture = page.get_by_role("img", name="QR code of the key below")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    secret = page.locator("dd code").inner_text()
    counter = list(yield_hotp_counters_from_time())[1]
    page.get_by_label("Authenticator code").fill(format_hotp_value(hotp_value(secret, counter)))
    page.get_by_role("button", name="Turn it on").click()

    page.goto("/accounts/2fa/recovery-codes/")
    codes = page.locator(".token-box code").all_inner_texts()
    assert len(codes) == 10
    inspect(page, "recovery codes", screenshots / "codes.png")
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label("User name or e-mail").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(HOME)
    assert page.get_by_text("ada", exact=True).first.is_visible()


def test_a_new_token_can_be_copied_and_read_in_full(open_page, maintainer, screenshots):
    page = open_page(viewport={"width": 390, "height": 900}, color_scheme="dark")
    sign_in(page)
    page.goto("/accounts/tokens/")
    prove(page)
    page.get_by_label("Name").fill("notebook")
    page.get_by_label("Papers: read").check()
    page.get_by_role("button", name="Make the token").click()

    assert page.locator(".token-box code").inner_text().startswith("rl_")
    inspect(page, "a new token", screenshots / "token.png")


def test_a_passkey_is_added_and_signs_in(page, maintainer):
    add_security_device(page)
    sign_in(page)
    page.goto("/accounts/2fa/webauthn/add/")
    prove(page)
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add the key").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert Authenticator.objects.filter(type="webauthn").count() == 1

    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(HOME)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(HOME)
    assert page.get_by_text("grace", exact=True).first.is_visible()


def test_a_key_that_does_not_answer_is_told_on_the_page(page, maintainer):
    page.goto("/accounts/login/")
    page.evaluate(
        """() => {
          navigator.credentials.get = () => Promise.reject(new DOMException("", "NotAllowedError"));
        }"""
    )
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("The key was not used").wait_for()


def test_without_scripts_no_button_promises_a_passkey(open_page, transactional_db):
    page = open_page(java_script_enabled=False)
    page.goto("/accounts/login/")

    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()


def test_signing_out_shows_that_it_worked(page, maintainer):
    sign_in(page)
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(HOME)

    assert page.get_by_text("You have signed out").is_visible()


def test_the_printed_link_makes_a_maintainer_who_enters_the_admin(page, transactional_db):
    page.goto(make_maintainer_link().removeprefix("http://testserver"))
    page.get_by_label("User name").fill("ada")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    sign_in(page, "ada")
    page.goto("/admin/")

    assert page.get_by_role("heading", name="Curation").is_visible()


def test_an_invitation_leads_to_an_account(page, maintainer, settings):
    settings.SIGN_UP = "invitation"
    _, link = invite(maintainer, "ada@example.org")
    page.goto(link.removeprefix("http://testserver"))
    page.get_by_role("button", name="Make an account").click()
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url(HOME)

    assert page.get_by_text("ada", exact=True).first.is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_every_page_is_in_order(open_page, maintainer, screenshots, width, scheme):
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    ApiToken.issue(maintainer, "notebook", ["papers:read", "issues:read", "deadlines:read"])
    _, invitation = invite(maintainer)
    places = [*ENTRANCES, invitation, make_maintainer_link()]
    for place in places:
        look(page, place.removeprefix("http://testserver"), screenshots / f"{scheme}-{width}")
    sign_in(page)
    look(page, "/accounts/reauthenticate/", screenshots / f"{scheme}-{width}")
    prove(page)
    for place in OWN_PAGES:
        look(page, place, screenshots / f"{scheme}-{width}")


def look(page, place: str, folder) -> None:
    page.goto(place)
    name = place.strip("/").replace("/", "-")[:40]
    inspect(page, place, f"{folder}-{name}.png")


def inspect(page, place: str, picture) -> None:
    page.screenshot(path=str(picture), full_page=True)
    assert page.locator("h1").count() == 1
    assert serious(page) == [], place
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, place
