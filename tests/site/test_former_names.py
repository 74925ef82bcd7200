"""What was merged or renamed is found in the API under its former name, by who may see it."""

from http import HTTPStatus

import pytest

from prizes.models import PrizeAlias
from tests.factories import PaperFactory, PrizeFactory

pytestmark = pytest.mark.django_db


def test_a_merged_paper_leads_to_the_one_that_stands(client):
    stays = PaperFactory()
    merged = PaperFactory(merged_into=PaperFactory(merged_into=stays))
    answer = client.get(f"/api/v1/papers/{merged.pk}/?format=json")
    location = f"/api/v1/papers/{stays.pk}/?format=json"
    assert answer.status_code == HTTPStatus.PERMANENT_REDIRECT
    assert answer.headers["Location"] == location
    assert answer.json() == {"location": location}
    assert client.get(location).json()["id"] == stays.pk


def test_former_prizes_lead_to_the_one_that_stands(client):
    stays = PrizeFactory(slug="stays")
    PrizeAlias.objects.create(slug="former", prize=stays)
    merged = PrizeFactory(slug="merged", merged_into=stays)
    for name in ("former", "merged", merged.pk):
        answer = client.get(f"/api/v1/prizes/{name}/")
        assert answer.status_code == HTTPStatus.PERMANENT_REDIRECT
        assert answer.headers["Location"] == "/api/v1/prizes/stays/"


def test_what_one_may_not_see_or_was_not_known_leads_nowhere(client):
    paper = PaperFactory(merged_into=PaperFactory(is_hidden=True))
    hidden = PrizeFactory(is_hidden=True)
    PrizeAlias.objects.create(slug="former", prize=hidden)
    known = PrizeFactory()
    for address in (
        f"papers/{paper.pk}/",
        "papers/999999/",
        f"papers/{'9' * 18}/",
        "prizes/former/",
        f"prizes/{hidden.pk}/",
        "prizes/nothing/",
        f"prizes/{known.slug}/?as_of=2020-01-01",
    ):
        answer = client.get(f"/api/v1/{address}")
        assert answer.status_code == HTTPStatus.NOT_FOUND, address
        assert answer.headers["Content-Type"] == "application/problem+json"
