import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.deletion import delete_account
from accounts.invitations import invite
from accounts.models import ApiToken, EntryLink, User
from tests.accounts.journeys import PASSWORD, SECRET, sign_in
from tests.admin_pages import form_of

PLACES = [
    "accounts_user",
    "accounts_apitoken",
    "accounts_entrylink",
    "mfa_authenticator",
    "usersessions_usersession",
]


@pytest.fixture
def helper(account) -> User:
    """Staff that may change accounts and nothing else."""
    user = account("helper", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    return user


@pytest.fixture
def furnished(user, maintainer, client):
    sign_in(client, user)
    client.logout()
    ApiToken.issue(user, "notebook", ["papers:read"])
    invite(maintainer, "bob@example.org")
    TOTP.activate(user, SECRET)
    client.force_login(maintainer)
    return client


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize("place", PLACES)
    def test_show_no_secret_and_no_digest(self, furnished, place):
        listed = furnished.get(reverse(f"admin:{place}_changelist"))
        app, model = place.split("_")
        row = apps.get_model(app, model).objects.first()
        shown = furnished.get(reverse(f"admin:{place}_change", args=[row.pk]))

        assert (listed.status_code, shown.status_code) == (200, 200)
        hidden = [
            ApiToken.objects.get().digest,
            EntryLink.objects.get().digest,
            Authenticator.objects.get().data["secret"],
            SECRET,
        ]
        for answer in (listed, shown):
            assert not [each for each in hidden if each in answer.text]

    @pytest.mark.parametrize("place", PLACES[1:])
    def test_let_nobody_make_or_change_what_is_made_elsewhere(self, furnished, place):
        assert furnished.get(reverse(f"admin:{place}_add")).status_code == 403

    @pytest.mark.parametrize("place", PLACES[:3])
    def test_ask_no_query_more_for_more_rows(
        self, furnished, account, maintainer, place, django_assert_num_queries
    ):
        url = reverse(f"admin:{place}_changelist")
        furnished.get(url)
        with CaptureQueriesContext(connection) as for_few:
            furnished.get(url)
        for number in range(50):
            other = account(f"user{number}")
            ApiToken.issue(other, "notebook", [])
            link, _ = invite(maintainer)
            link.use(other)
        with django_assert_num_queries(len(for_few)):
            furnished.get(url)

    def test_revoke_tokens(self, furnished):
        token = ApiToken.objects.get()
        form = {"action": "revoke", "_selected_action": [token.pk]}
        furnished.post(reverse("admin:accounts_apitoken_changelist"), form)

        token.refresh_from_db()
        assert token.revoked_at is not None


@pytest.mark.django_db
class TestWhoMayChangeWhom:
    def test_staff_cannot_give_themselves_rights(self, client, helper):
        client.force_login(helper)
        url = reverse("admin:accounts_user_change", args=[helper.pk])
        form = {"username": "helper", "email": helper.email, "theme": "system"}
        form |= {"is_active": "on", "is_staff": "on", "is_superuser": "on"}
        client.post(url, form)

        helper.refresh_from_db()
        assert (helper.is_superuser, helper.is_staff) == (False, True)

    def test_staff_cannot_touch_a_superuser(self, client, helper, maintainer):
        client.force_login(helper)
        url = reverse("admin:accounts_user_change", args=[maintainer.pk])
        client.post(url, {"username": "taken-over", "theme": "system"})
        password = reverse("admin:auth_user_password_change", args=[maintainer.pk])
        new = {
            "usable_password": "true",
            "password1": "another good 1",
            "password2": "another good 1",
        }

        assert client.post(password, new).status_code == 403
        maintainer.refresh_from_db()
        assert maintainer.username == "grace"
        assert maintainer.check_password("correct horse battery")

    def test_staff_cannot_delete_or_sign_out_a_superuser(self, client, helper, maintainer):
        ApiToken.issue(maintainer, "boss", [])
        client.force_login(helper)
        for action in ("delete_accounts", "sign_out_everywhere"):
            form = {"action": action, "_selected_action": [maintainer.pk]}
            client.post(reverse("admin:accounts_user_changelist"), form)

        maintainer.refresh_from_db()
        assert maintainer.deleted_at is None
        assert ApiToken.objects.get().revoked_at is None

    def test_a_stub_stays_as_it_is(self, client, user, maintainer):
        delete_account(user)
        client.force_login(maintainer)
        url = reverse("admin:accounts_user_change", args=[user.pk])

        assert client.get(url).status_code == 200
        assert client.post(url, {"username": "ada", "is_active": "on"}).status_code == 403

    def test_the_action_leaves_a_stub_and_spares_oneself(self, client, user, maintainer):
        client.force_login(maintainer)
        form = {"action": "delete_accounts", "_selected_action": [user.pk, maintainer.pk]}
        client.post(reverse("admin:accounts_user_changelist"), form)

        assert User.objects.get(pk=user.pk).deleted_at is not None
        assert User.objects.get(pk=maintainer.pk).deleted_at is None

    def test_switching_an_account_off_ends_its_sessions(
        self, client, other_browser, user, maintainer
    ):
        sign_in(other_browser, user)
        client.force_login(maintainer)
        form = {"username": "ada", "email": user.email, "theme": "system"}
        client.post(reverse("admin:accounts_user_change", args=[user.pk]), form)

        user.refresh_from_db()
        assert not user.is_active
        assert other_browser.get("/accounts/preferences/").status_code == 302

    def test_a_late_form_undoes_no_right_that_another_gave_or_took(self, client, user, maintainer):
        client.force_login(maintainer)
        place = reverse("admin:accounts_user_change", args=[user.pk])
        seen = form_of(client.get(place))
        group = Group.objects.create(name="Readers of proofs")
        user.groups.add(group)
        User.objects.filter(pk=user.pk).update(is_active=False, is_staff=True)

        assert client.post(place, seen | {"first_name": "Augusta"}).status_code == 302
        user.refresh_from_db()
        assert (user.first_name, user.is_active, user.is_staff) == ("Augusta", False, True)
        assert list(user.groups.all()) == [group]
        assert user.check_password(PASSWORD)

    @pytest.mark.django_db(transaction=True)
    def test_a_password_is_set_outside_the_form_that_holds_the_account(
        self, client, user, maintainer
    ):
        client.force_login(maintainer)
        place = reverse("admin:auth_user_password_change", args=[user.pk])
        new = dict.fromkeys(["password1", "password2"], "another good 1")

        assert client.post(place, new | {"usable_password": "true"}).status_code == 302
        user.refresh_from_db()
        assert user.check_password("another good 1")
