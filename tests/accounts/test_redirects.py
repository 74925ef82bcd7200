import pytest

from accounts.adapter import is_local_path
from tests.accounts.journeys import PASSWORD, sign_in

NEXT_ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "///evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/%0d%0aLocation: https://evil.example",
    "/\r\nLocation: https://evil.example",
]


@pytest.mark.django_db
class TestWhereSignInLeads:
    @pytest.mark.parametrize("path", NEXT_ELSEWHERE)
    def test_bad_85_never_to_another_site(self, client, user, path):
        answer = client.post(
            "/accounts/login/", {"login": "ada", "password": PASSWORD, "next": path}
        )

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/")
        assert "evil" not in answer.headers["Location"] or is_local_path(path)

    @pytest.mark.parametrize("path", NEXT_ELSEWHERE)
    def test_bad_85_neither_do_sign_out_nor_the_theme_nor_the_password_question(
        self, client, user, path
    ):
        sign_in(client, user)
        places = [
            client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path}),
            client.post("/theme/", {"theme": "dark", "next": path}),
            client.post("/accounts/logout/", {"next": path}),
        ]

        for answer in places:
            assert answer.headers["Location"].startswith("/")
            assert not answer.headers["Location"].startswith(("//", "/\\"))

    def test_back_to_where_somebody_was(self, client, user):
        page = "/accounts/tokens/?page=2"
        question = "/accounts/login/?next=/accounts/tokens/%3Fpage%3D2"
        assert client.get(page).headers["Location"] == question
        form = {"login": "ada", "password": PASSWORD, "next": page}

        assert client.post("/accounts/login/", form).headers["Location"] == page

    def test_bad_93_a_strange_host_is_refused(self, client):
        assert client.get("/accounts/login/", HTTP_HOST="evil.example").status_code == 400
