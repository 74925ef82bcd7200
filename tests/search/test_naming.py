"""A name in a query that nothing goes by is told, beside a page of nothing."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
HIDDEN = "not-yet-out"


@pytest.fixture
def _catalogue():
    topic = factories.TopicFactory(slug="alignment")
    factories.IssueFactory(slug=HIDDEN, is_hidden=True)
    factories.PaperFactory(title="Robust learning").topics.add(topic)


@pytest.mark.usefixtures("_catalogue")
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("topic:nope", ["topic nope"]),
        ("topic:nope -topic:nope OR issue:7", ["topic nope", "issue 7"]),
        (f"issue:{HIDDEN}", [f"issue {HIDDEN}"]),
        ("topic:99999999999999999999", ["topic 99999999999999999999"]),
        ("topic:alignment zebra", []),
        ("zebra", []),
        ("robust OR topic:nope", []),  # something fits
    ],
)
def test_what_is_not_there_is_named(client, query, told):
    html = client.get("/search/", {"q": query, "verbatim": "yes"}).content.decode()

    named = [part.split("</q>")[0] for part in html.split("There is no ")[1:]]
    assert [part.replace('<q dir="auto">', "") for part in named] == told
    assert ("fewer or other words" in html) == (not told and "zebra" in query)
