"""A page and its collection of the API show the same set for the same query string."""

import random
from itertools import combinations
from urllib.parse import urlencode

import pytest

from newsletter.models import Issue, Publication
from papers.models import Paper, Topic
from prizes.models import Deadline, Prize
from readinglists.models import ReadingList

MOMENTS = (
    "2021-12-09",
    "2022-09-26",
    "2022-10-27T12:00Z",
    "2023-01-01",
    "2024-02-01",
    "2030-01-01",
)
PAST = (
    "2021-11-01",
    "2022-01-01",
    "2022-09-26",
    "2022-10-27T12:00:00Z",
    "2023-06-01",
    "2024-02-01",
)

PAIRS = 12


def some(values, number=4) -> list[str]:
    """A few of what there is, and what there is not."""
    known = sorted({str(value) for value in values if value})
    return [*random.Random(7).sample(known, min(number, len(known))), "nothing-of-it"]


def values_of(name: str) -> dict[str, list[str]]:
    """For each filter of a list, values worth asking for; wrong ones among them."""
    topics = some(Topic.objects.values_list("slug", flat=True))
    issues = some(Issue.objects.values_list("slug", flat=True))
    prizes = some(Prize.objects.values_list("slug", flat=True))
    papers = Paper.objects.filter(identifiers__scheme="arxiv")
    queries = ["safety", "robustness OR topic:alignment", '"no such words"', "status:open", "(x"]
    return {
        "issues": {
            "q": queries,
            "publication": some(Publication.objects.values_list("slug", flat=True)),
            "number": ["1", "9", "77", "x"],
            "topic": topics,
            "published_after": [*MOMENTS, "yesterday"],
            "published_before": [*MOMENTS, "2023-02-30"],
        },
        "papers": {
            "q": queries,
            "kind": ["paper", "code", "website", "nonsense"],
            "topic": topics,
            "issue": issues,
            "author": ["hendrycks", "Dan", "nobody at all"],
            "venue": ["neurips", "iclr", "no venue"],
            "year": ["2021", "2022", "0"],
            "year_min": ["2021", "2022", "x"],
            "year_max": ["2021", "2022", "99999"],
            "arxiv": some(papers.values_list("identifiers__value", flat=True)),
            "doi": ["10.1000/xyz"],
            "openreview": ["abc"],
            "url": ["https://arxiv.org/abs/2110.13136", "no address"],
            "title_source": [*Paper.TitleSource.values[:2], "nonsense"],
        },
        "prizes": {
            "q": queries,
            "kind": [*Prize.Kind.values, "nonsense"],
            "status": ["open", "closed", "unknown", "nonsense"],
            "topic": topics,
            "issue": issues,
            "organiser": ["open", "nobody at all"],
            "currency": ["USD", "eur", "dollars"],
            "min_amount": ["1", "100000", "20000000", "-1"],
            "as_of": [*PAST, "2999-01-01", " 2022-09-26 "],
        },
        "deadlines": {
            "prize": prizes,
            "kind": [*Deadline.Kind.values[:4], "nonsense"],
            "status": ["open", "closed", "closing", "unknown", "nonsense"],
            "topic": topics,
            "issue": issues,
            "after": [*MOMENTS, "x"],
            "before": [*MOMENTS, "x"],
            "as_of": [*PAST, "2999-01-01", " 2022-09-26 "],
        },
        "lists": {
            "q": [*queries[:3], "title:monitoring", "(x"],
            "owner": ["ml safety newsletter", "nobody at all"],
            "visibility": [*ReadingList.Visibility.values[2:], "nonsense"],
            "topic": topics,
            "paper": [*some(papers.values_list("pk", flat=True), 2), "0", "99999999"],
            "whose": ["mine", "nonsense"],
        },
    }[name]


def queries_of(name: str) -> list[dict[str, str]]:
    filters = values_of(name)
    alone = [{key: value} for key, values in filters.items() for value in values]
    chance = random.Random(name)
    pairs = [
        {one: chance.choice(filters[one]), other: chance.choice(filters[other])}
        for one, other in chance.sample(list(combinations(filters, 2)), PAIRS)
    ]
    return [{}, *alone, *pairs]


def of_page(client, address: str) -> tuple[int, set[str]]:
    found: set[str] = set()
    while address:
        answer = client.get(address)
        if answer.status_code != 200:
            assert "errorlist" in answer.text, address
            return answer.status_code, set()
        listing = answer.context["listing"]
        rows = [getattr(row, "deadline", row) for row in listing.rows]
        found |= {str(row.pk) for row in rows}
        address = listing.older
    return 200, found


def of_api(client, address: str) -> tuple[int, set[str]]:
    found: set[str] = set()
    while address:
        answer = client.get(address)
        if answer.status_code != 200:
            return answer.status_code, set()
        found |= {str(row["id"]) for row in answer.json()["results"]}
        address = answer.json()["next"]
    return 200, found


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("name", ["issues", "papers", "prizes", "deadlines", "lists"])
class TestEveryFilter:
    @pytest.mark.one_database
    def test_page_and_api_show_the_same(self, client, name, settings):
        settings.PAGE_CACHE_SECONDS = 0
        differing = {}
        for query in queries_of(name):
            text = urlencode(query)
            page = of_page(client, f"/{name}/?{text}")
            api = of_api(client, f"/api/v1/{name}/?{text}&page_size=200")
            if page != api:
                differing[text] = (page[0], len(page[1]), api[0], len(api[1]))
        assert differing == {}

    def test_the_form_shows_or_keeps_every_filter(self, client, name):
        for key, values in values_of(name).items():
            value = values[0]
            query = {key: value} | ({"currency": "USD"} if key == "min_amount" else {})
            page = client.get(f"/{name}/", query)
            form = page.text.split("data-filters", 1)[1].split("</form>")[0]
            assert f'name="{key}"' in form, key

    def test_a_parameter_twice_is_refused_by_both(self, client, name):
        key, (value, *_) = next(iter(values_of(name).items()))
        for address in (f"/{name}/", f"/api/v1/{name}/"):
            assert client.get(f"{address}?{key}={value}&{key}={value}").status_code == 400
