import pytest
from django.contrib.staticfiles import finders

from tests.factories import UserFactory

ICON = "icons/favicon.svg"


def test_who_asks_for_the_usual_address_gets_the_sites_icon(client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/static/{ICON}")
    assert finders.find(ICON)


@pytest.mark.django_db
def test_the_admin_shows_it_on_every_page(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    for path in ("/admin/", "/admin/papers/paper/", "/admin/papers/paper/add/"):
        assert f'<link rel="icon" href="/static/{ICON}"' in client.get(path).text, path


@pytest.mark.one_database
def test_the_site_can_be_installed_and_shared_to(client):
    answer = client.get("/manifest.webmanifest")

    assert answer.headers["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert said["icons"][0]["src"] == f"/static/{ICON}"
    # What is shared is looked at first: a GET that adds nothing.
    assert said["share_target"]["method"] == "GET"
    assert said["share_target"]["action"] == "/lists/add/"
    assert set(said["share_target"]["params"]) == {"title", "text", "url"}
