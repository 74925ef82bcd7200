"""What is measured without a server: import, deep pages, queries, Markdown at request time."""

import io
import sys
import time
from collections.abc import Callable
from statistics import median

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from api.keyset import Key, Ordering, keyset_page  # noqa: E402
from newsletter.models import Issue  # noqa: E402
from papers.models import Paper  # noqa: E402
from papers.viewsets import PaperViewSet  # noqa: E402
from prizes.models import Prize  # noqa: E402

CATALOGUE = settings.BASE_DIR / "fixtures" / "ml_safety_newsletter.jsonl"
LISTS = ["/issues/", "/papers/", "/prizes/", "/deadlines/", "/topics/"]
API = ["issues", "entries", "papers", "prizes", "deadlines", "topics"]


def cpu(action: Callable[[], object]) -> float:
    before = time.process_time()
    action()
    return time.process_time() - before


def measure_import() -> None:
    def run() -> None:
        call_command("import_newsletter", str(CATALOGUE), stdout=io.StringIO())

    first = cpu(run)
    again = median(cpu(run) for _ in range(5))
    print(f"{first / again:.1f} × ({first * 1000:.0f} ms, then {again * 1000:.0f} ms)")


def measure_pages() -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    deepest, first = deepest_page(), "/api/v1/papers/?page_size=50"
    pairs = [(get(client, deepest), get(client, first)) for _ in range(15)]
    ratio = median(deep / front for deep, front in pairs)
    print(f"6 | last page of papers against the first | ≤ 1.5 ×\t{ratio:.2f} ×")
    worst_list, worst_detail = queries(client)
    print(f"7 | most queries of a list or API page | ≤ 6\t{worst_list}")
    print(f"7 | most queries of a detail page | ≤ 10\t{worst_detail}")
    print(f"8 | Markdown rendered while pages are served | 0 times\t{renderings(client)} times")


def get(client: Client, path: str) -> float:
    def fetch() -> None:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)

    return cpu(fetch)


def deepest_page() -> str:
    """The page of the last hundred papers: its cursor is made from their end alone."""
    oldest = Paper.objects.order_by("published_order", "pk")[:100]
    ordering = Ordering.read("-published", PaperViewSet.orderings, Key("id"))
    end = Paper.objects.filter(pk__in=list(oldest.values_list("pk", flat=True)))
    page = keyset_page(end, ordering, None, 20)
    return f"/api/v1/papers/?page_size=50&cursor={page.next}"


def queries(client: Client) -> tuple[int, int]:
    issue, paper = Issue.objects.latest("pk"), Paper.objects.latest("pk")
    details = ["/", "/topics/alignment/", issue.get_absolute_url(), paper.get_absolute_url()]
    details += [prize.get_absolute_url() for prize in Prize.objects.all()[:1]]
    lists = LISTS + [f"/api/v1/{name}/" for name in API]
    return max(map(count_queries(client), lists)), max(map(count_queries(client), details))


def count_queries(client: Client) -> Callable[[str], int]:
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as context:
            get(client, path)
        return len(context)

    return count


def renderings(client: Client) -> int:
    import markdown

    rendered = 0
    convert = markdown.Markdown.convert

    def counted(self, source):
        nonlocal rendered
        rendered += 1
        return convert(self, source)

    markdown.Markdown.convert = counted
    issue = Issue.objects.latest("pk")
    for path in [*LISTS, issue.get_absolute_url()]:
        get(client, path)
    markdown.Markdown.convert = convert
    return rendered


if __name__ == "__main__":
    {"import": measure_import, "pages": measure_pages}[sys.argv[1]]()
