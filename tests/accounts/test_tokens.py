import pytest

from accounts.models import ApiToken
from tests.readinglists.making import make_list

FORM = {"name": "notebook", "scopes": ["papers:read", "issues:read"], "days": "30"}


@pytest.mark.django_db
class TestTokensPage:
    def test_shows_a_new_token_once(self, trusted, user, time_machine):
        answer = trusted.post("/accounts/tokens/", FORM)
        secret = answer.context["secret"]

        assert answer.text.count(secret) == 1
        assert secret not in trusted.get("/accounts/tokens/").text
        token = ApiToken.objects.get()
        assert (token.user, token.scopes) == (user, FORM["scopes"])
        assert token.digest not in answer.text

    def test_gives_the_chosen_time(self, trusted, time_machine):
        for days, expected in [("30", 30), ("365", 365), ("", None)]:
            trusted.post("/accounts/tokens/", {**FORM, "name": f"for {days}", "days": days})
            token = ApiToken.objects.get(name=f"for {days}".strip())
            lasts = token.expires_at and (token.expires_at - token.created_at).days
            assert lasts in (expected, expected and expected - 1)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"scopes": []}, "scopes"),
            ({"scopes": ["prizes:write"]}, "scopes"),
            ({"scopes": ["*"]}, "scopes"),
            ({"name": " \u200b "}, "name"),
            ({"name": "x" * 81}, "name"),
            ({"days": "99999"}, "days"),
        ],
    )
    def test_refuses_what_cannot_be(self, trusted, wrong, field):
        answer = trusted.post("/accounts/tokens/", {**FORM, **wrong})

        assert field in answer.context["form"].errors
        assert not ApiToken.objects.exists()

    def test_sending_the_form_twice_makes_one(self, trusted):
        trusted.post("/accounts/tokens/", FORM)
        answer = trusted.post("/accounts/tokens/", FORM)

        assert "name" in answer.context["form"].errors
        assert ApiToken.objects.count() == 1

    def test_shows_a_name_as_text(self, trusted):
        trusted.post("/accounts/tokens/", {**FORM, "name": "<script>alert(1)</script>"})

        assert "<script>alert" not in trusted.get("/accounts/tokens/").text

    def test_revokes_ones_own(self, trusted, user):
        token, _ = ApiToken.issue(user, "notebook", ["papers:read"])
        trusted.post(f"/accounts/tokens/{token.pk}/revoke/")

        token.refresh_from_db()
        assert not token.is_usable

    def test_anothers_token_is_not_there(self, trusted, account):
        token, _ = ApiToken.issue(account("bob"), "bobs secret plan", ["papers:read"])

        assert trusted.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
        assert "bobs secret plan" not in trusted.get("/accounts/tokens/").text
        token.refresh_from_db()
        assert token.is_usable

    def test_revoking_takes_a_post(self, trusted, user):
        token, _ = ApiToken.issue(user, "notebook", ["papers:read"])

        assert trusted.get(f"/accounts/tokens/{token.pk}/revoke/").status_code == 405
        token.refresh_from_db()
        assert token.is_usable

    def test_there_are_at_most_fifty(self, trusted, user):
        for number in range(50):
            ApiToken.issue(user, f"token {number}", ["papers:read"])
        answer = trusted.post("/accounts/tokens/", FORM)

        assert "at most 50" in answer.text
        assert ApiToken.objects.count() == 50

    def test_a_form_waits_while_one_proves_who_one_is(self, client, user):
        client.force_login(user)
        question = client.post("/accounts/tokens/", FORM).headers["Location"]
        assert not ApiToken.objects.exists()

        answer = client.post(question, {"password": "correct horse battery"})
        assert answer.context["secret"].startswith("rl_")
        assert ApiToken.objects.get().name == "notebook"


@pytest.mark.django_db
class TestATokenForOneList:
    def test_is_offered_for_lists_that_one_may_open_as_a_member(self, trusted, user):
        assert "only_list" not in trusted.get("/accounts/tokens/").context["form"].fields
        mine, strange = make_list(user, "Mine"), make_list(title="Strange", visibility="public")
        page = trusted.get("/accounts/tokens/")
        assert [label for _, label in page.context["form"].fields["only_list"].choices] == [
            "any",
            "Mine",
        ]
        form = {**FORM, "scopes": ["lists:read"]}
        wrong = trusted.post("/accounts/tokens/", {**form, "only_list": str(strange.pk)})
        assert "only_list" in wrong.context["form"].errors
        trusted.post("/accounts/tokens/", {**form, "only_list": str(mine.pk)})
        assert ApiToken.objects.get().only_list == mine.pk
        assert "only “Mine”" in trusted.get("/accounts/tokens/").text
        trusted.post("/accounts/tokens/", {**form, "name": "all", "only_list": ""})
        assert ApiToken.objects.get(name="all").only_list is None
