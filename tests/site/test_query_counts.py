"""No address asks the database more often because there is more to show."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import ApiToken, EntryLink
from fulltext.indexing import gathering
from search.models import SavedSearch
from tests import factories
from tests.api.conftest import fill_library
from tests.readinglists import making
from tests.site.addresses import Route, address_of, all_routes
from tests.site.crawl import ask
from tests.site.library import LONG_AGO, Library, make_deadline

pytestmark = pytest.mark.one_database

MANY = 50
# Beyond session and user: 6 for a list or an answer of the API, 10 for a page of one thing.
MOST = 10
# Its feed reads each of five kinds with all that belongs to an entry.
MOST_OF_THE_FEED = 30
FEED_OF_ALL_KINDS = "search:results-feed"


def grow(library: Library) -> None:
    """Fifty more of everything, and fifty of all that can belong to one thing."""
    fill_library(MANY)
    for number in range(MANY):
        entry = factories.EntryFactory(
            issue=library.issue, section=library.section, topic=library.topic
        )
        link = factories.LinkFactory(entry=entry, paper=library.paper)
        prize = factories.PrizeFactory(topics=[library.topic])
        for about in (library.prize, prize):
            factories.PrizeMentionFactory(prize=about, entry=entry, link=link)
            deadline = make_deadline(about, library.issue, entry)
        factories.AwardFactory(prize=library.prize, position=number + 100)
        factories.AnnouncementFactory(
            deadline=deadline, issue=library.issue, entry=entry, announced_at=LONG_AGO
        )
        paper = factories.PaperFactory(topics=[library.topic])
        factories.AuthorshipFactory(paper=library.paper, position=number + 100)
        factories.AuthorshipFactory(paper=paper)
        factories.IdentifierFactory(paper=library.paper)
        factories.LinkFactory(entry=library.entry, paper=paper)
        factories.ImageFactory(entry=library.entry)
        factories.SectionFactory(issue=library.issue, topic=library.topic)
        factories.IssueFactory(publication=library.publication)
        SavedSearch.objects.create(
            owner=library.maintainer, name=f"Search {number}", page="papers", query="kind=paper"
        )
        ApiToken.issue(library.maintainer, f"token {number}", ["papers:read"])
        EntryLink.issue(
            EntryLink.Purpose.INVITATION, LONG_AGO - LONG_AGO, invited_by=library.maintainer
        )

    grow_lists(library)


def grow_lists(library: Library) -> None:
    """More lists, and more of all that stands on one and belongs to it."""
    reading_list = library.reading_list
    # Four items a turn: more than one page holds.
    for _ in range(MANY // 3):
        section = making.add_section(reading_list, prose="Some words.")
        paper, entry = factories.PaperFactory(), factories.EntryFactory(issue=library.issue)
        things = (paper, entry, factories.PrizeFactory(), "https://example.org/more")
        items = making.put_on(reading_list, *things, section=section.pk)
        member = making.join(reading_list, "viewer")
        for item in (items[0], library.list_item):
            making.say(item, member)
        making.put_on(making.make_list(library.maintainer, visibility="public"), library.paper)


def is_counted(route: Route) -> bool:
    """Health checks and redirects show no rows; forms to add something show none either."""
    return not route.key.endswith("_add") and route.key not in {"healthz", "readyz"}


def count_kept(library: Library, route: Route, who: str) -> int:
    ask(library.clients[who], address_of(route, library))  # what is kept after it is not counted
    return count(library, route, who)


def count(library: Library, route: Route, who: str) -> int:
    address = address_of(route, library)
    with CaptureQueriesContext(connection) as queries:
        answer = ask(library.clients[who], address)
    assert answer.status_code < 500, (address, answer.exc_info)
    # Rows are counted only where one page does not hold them all: once, whatever their number.
    counts = [query for query in queries if query["sql"].startswith("SELECT COUNT(")]
    assert who == "maintainer" or len(counts) <= 1, (address, counts)
    return len(queries) - len(counts)


def who_looks(route: Route) -> list[str]:
    own = route.is_own or route.is_admin
    return ["maintainer"] if own else ["stranger", "reader"]


def add_news(library: Library) -> None:
    """By somebody else: whoever follows the list asks what it is."""
    editor = making.join(library.reading_list, "editor")
    [item] = making.put_on(library.reading_list, "https://example.org/new", actor=editor)
    making.say(item, editor)


def test_fifty_of_everything_take_as_many_queries_as_one(library):
    add_news(library)
    looks = [
        (route, who) for route in all_routes() if is_counted(route) for who in who_looks(route)
    ]
    for_one = {(str(route), who): count_kept(library, route, who) for route, who in looks}
    with transaction.atomic(), gathering():
        grow(library)
    for_many, grown = {}, {}
    for route, who in looks:
        key = (str(route), who)
        for_many[key] = count(library, route, who)
        if for_many[key] > for_one[key]:  # as after any write: asked again, it is kept
            for_many[key] = count(library, route, who)
        if for_many[key] > for_one[key]:
            grown[key] = (for_one[key], for_many[key])

    assert grown == {}
    strangers = {key: n for key, n in for_many.items() if key[1] == "stranger"}
    over = {
        key: n
        for key, n in strangers.items()
        if n > (MOST_OF_THE_FEED if key[0] == FEED_OF_ALL_KINDS else MOST)
    }
    assert over == {}
