"""Addresses of histories that lead to no row."""

import pytest

from tests import factories

NO_KEYS = ["nonsense", "1_00", "99999999999999999999999", "-1", "a%00b", "1.5", "%ff", "_", "0"]


@pytest.fixture
def maintainer_client(client, db):
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("key", NO_KEYS)
@pytest.mark.parametrize("model", ["papers/paper", "newsletter/issue", "prizes/deadline"])
def test_a_history_of_nothing_is_not_found(maintainer_client, model, key):
    for address in (f"/admin/{model}/{key}/history/", f"/admin/{model}/{key}/history/1/"):
        assert maintainer_client.get(address).status_code == 404, address


@pytest.mark.parametrize("version", NO_KEYS)
def test_a_version_that_never_was_is_not_found(maintainer_client, version):
    paper, deadline = factories.PaperFactory(), factories.DeadlineFactory()

    for row in (f"papers/paper/{paper.pk}", f"prizes/deadline/{deadline.pk}"):
        address = f"/admin/{row}/history/{version}/"
        assert maintainer_client.get(address).status_code == 404, address
        assert maintainer_client.post(address).status_code == 404, address


def test_a_history_that_is_there_is_found(maintainer_client):
    deadline = factories.DeadlineFactory()
    version = deadline.history.get().history_id
    base = f"/admin/prizes/deadline/{deadline.pk}/history/"

    assert maintainer_client.get(base).status_code == 200
    assert maintainer_client.get(f"{base}{version}/").status_code == 200
