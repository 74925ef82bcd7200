"""Requests to others: fixed hosts, bounded answers, in turn; never while rows are locked."""

import ast
import logging
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import httpx2
import pytest
from django.conf import settings as site
from django.db import transaction
from django.utils import timezone

from papers.enrichment import crossref, http, openalex, pace
from papers.enrichment import hosts as known
from papers.enrichment.answers import ask, digest_of, forget_old
from papers.enrichment.errors import Nonsense, ServiceError, TurnedOff, Unavailable
from papers.enrichment.hosts import ARXIV, CROSSREF, OPENALEX
from papers.identifiers import Identifier
from papers.models import ServiceAnswer, ServicePace
from tests.config.test_layers import LAYERS, source_files
from tests.papers.enrichment.loopback import crossref_work

DOI = "10.1000/xyz123"
WORK = "/works/10.1000%2Fxyz123"
WEEK = timedelta(days=7)
# What may open a connection to another host; smtplib is Django's to use.
CLIENTS = {
    "httpx2", "httpx", "requests", "urllib3", "aiohttp", "urllib.request", "http.client", "ftplib",
    "a socket", "socket.socket", "socket.create_connection", "asyncio.streams",
}  # fmt: skip


def reply(status=200, content_type="application/json", body=b"{}", **headers):
    return lambda handler: (status, {"Content-Type": content_type} | headers, body)


def imported(source: str) -> set[str]:
    """Names of modules; `socket` only where more is asked of it than this machine's name."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "socket" and node.attr != "gethostname":
                names.add("a socket")
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


class TestNobodyElseAsks:
    def test_one_module_of_the_site_can_send_requests(self):
        able = {
            str(path.relative_to(site.BASE_DIR))
            for package in LAYERS
            for path in source_files(package)
            if imported(path.read_text()) & CLIENTS
        }

        assert able == {"papers/enrichment/http.py"}

    @pytest.mark.parametrize(
        "source",
        [
            "import httpx2",
            "from urllib import request",
            "def f():\n    import http.client",
            "import socket\nsocket.create_connection(('example.org', 80))",
            "from socket import create_connection",
        ],
    )
    def test_another_would_be_noticed(self, source):
        assert imported(source) & CLIENTS

    def test_the_hosts_are_three_and_asked_over_https(self):
        addresses = {service.address for service in known.SERVICES.values()}

        assert addresses == {
            "https://export.arxiv.org",
            "https://api.crossref.org",
            "https://api.openalex.org",
        }
        assert not hasattr(site, "ENRICH_TEST_ADDRESSES")
        assert "ENRICH_TEST_ADDRESSES" not in (site.BASE_DIR / "config/settings.py").read_text()


@pytest.mark.django_db
class TestRequests:
    def test_a_work_is_asked_for_by_somebody_with_a_name(self, services):
        services.crossref[DOI] = crossref_work(DOI, "A title")
        answer = http.get(CROSSREF, WORK)

        assert b"A title" in answer.body
        assert services.asked == [f"/crossref{WORK}?mailto=desk%40example.org"]
        (headers,) = services.headers
        assert headers["User-Agent"] == "Shortlist/1 (http://testserver; mailto:desk@example.org)"
        assert headers["Accept"] == "application/json"
        assert "Cookie" not in headers

    def test_without_an_address_to_write_to_it_asks_more_slowly(self, services, settings):
        settings.ENRICH_MAILTO = ""
        http.get(CROSSREF, WORK)

        assert services.asked == [f"/crossref{WORK}"]
        assert "mailto" not in services.headers[0]["User-Agent"]
        assert known.interval_of(CROSSREF) > CROSSREF.interval

    @pytest.mark.parametrize(
        "doi", ["10.1000/../../x", "10.1000/a?b=c#d", "10.1000//evil.example/"]
    )
    def test_an_identifier_never_leaves_its_place_in_the_path(self, services, doi):
        assert crossref.record(doi, WEEK) is None
        assert openalex.record(Identifier("doi", doi), WEEK) is None

        quoted = doi.replace("/", "%2F").replace("?", "%3F").replace("#", "%23").replace("=", "%3D")
        assert services.asked[0].partition("?")[0] == f"/crossref/works/{quoted}"
        assert services.asked[1].partition("?")[0] == f"/openalex/works/doi:{quoted}"

    def test_a_path_cannot_name_a_host(self, services):
        with pytest.raises(ValueError, match="slash"):
            http.get(CROSSREF, "@evil.example/")
        assert services.asked == []

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_not_followed(self, services, status):
        services.instead["crossref"] = reply(status, Location=f"{services.address}/inside")

        with pytest.raises(Nonsense, match="led elsewhere"):
            http.get(CROSSREF, WORK)
        assert len(services.asked) == 1

    @pytest.mark.parametrize(
        "given",
        [
            reply(body=b"x" * 2_000_001),
            reply(content_type="text/html"),
            reply(content_type=""),
            reply(**{"Content-Encoding": "gzip"}),
            reply(status=400),
            reply(status=403),
            reply(status=206),
        ],
    )
    def test_what_is_no_proper_answer_is_refused(self, services, given):
        services.instead["crossref"] = given

        with pytest.raises(Nonsense):
            http.get(CROSSREF, WORK)

    def test_an_answer_without_end_is_cut_off(self, services):
        def endless(handler):
            handler.send_response(200)
            handler.send_header("Content-Type", "application/json")
            handler.end_headers()
            try:
                for _ in range(10_000):
                    handler.wfile.write(b"x" * 10_000)
            except OSError:
                cut_off.append(True)

        cut_off = []
        services.instead["crossref"] = endless

        with pytest.raises(Nonsense, match="more than 2,000,000 bytes"):
            http.get(CROSSREF, WORK)

    def test_two_megabytes_are_enough(self, services):
        services.instead["crossref"] = reply(body=b"x" * 2_000_000)

        assert len(http.get(CROSSREF, WORK).body) == 2_000_000

    def test_a_slow_answer_is_given_up(self, services, monkeypatch):
        def dripping(handler):
            handler.send_response(200)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", "100")
            handler.end_headers()
            for _ in range(100):
                handler.wfile.write(b"x")
                if hurry.wait(0.05):
                    break

        hurry = threading.Event()
        monkeypatch.setattr(http, "SECONDS", 0.3)
        services.instead["crossref"] = dripping

        with pytest.raises(Unavailable, match="took too long"):
            http.get(CROSSREF, WORK)
        hurry.set()

    def test_a_truncated_answer_is_not_taken_for_the_whole(self, services):
        services.instead["crossref"] = reply(**{"Content-Length": "1000"})

        with pytest.raises(Unavailable, match="broke off"):
            http.get(CROSSREF, WORK)

    def test_nobody_there_is_told_without_an_address(self, services, settings):
        with socket.create_server(("127.0.0.1", 0)) as server:
            gone = server.getsockname()[1]
        settings.ENRICH_TEST_ADDRESSES = {"crossref": f"http://127.0.0.1:{gone}"}

        with pytest.raises(Unavailable) as raised:
            http.get(CROSSREF, WORK)
        assert "127" not in str(raised.value)
        assert raised.value.__suppress_context__

    @pytest.mark.parametrize("status", [404, 410])
    def test_what_is_not_there_is_an_answer(self, services, status):
        services.instead["crossref"] = reply(status, "text/plain")

        assert http.get(CROSSREF, WORK).body is None
        assert ServicePace.objects.get().failures == 0

    def test_a_site_that_asks_nobody_asks_nobody(self, services, settings):
        settings.ENRICH = "off"

        with pytest.raises(TurnedOff):
            http.get(CROSSREF, WORK)
        assert services.asked == []

    def test_the_key_is_sent_to_its_service_alone_and_written_nowhere(
        self, services, settings, caplog
    ):
        settings.OPENALEX_API_KEY = "a-secret-key"
        with caplog.at_level(logging.INFO):
            logging.getLogger("httpx2").setLevel(site.LOGGING["loggers"]["httpx2"]["level"])
            for service in (CROSSREF, OPENALEX):
                ask(service, WORK, max_age=WEEK)

        assert "a-secret-key" not in services.asked[0]
        assert "api_key=a-secret-key" in services.asked[1]
        assert "a-secret-key" not in caplog.text
        assert not ServiceAnswer.objects.filter(question__contains="secret").exists()

    def test_a_client_that_follows_redirects_would_be_noticed(self, services, monkeypatch):
        def inside(handler):
            if handler.path.startswith("/crossref/inside"):
                return 200, {"Content-Type": "application/json"}, b'{"secret": true}'
            return 302, {"Location": f"{services.address}/crossref/inside"}, b""

        services.instead["crossref"] = inside
        with httpx2.Client(follow_redirects=True) as careless:
            monkeypatch.setattr(http, "client", lambda: careless)
            assert b"secret" in http.get(CROSSREF, WORK).body
        assert len(services.asked) == 2

    def test_a_proxy_comes_from_the_environment_alone(self):
        assert http.client().trust_env
        assert not http.client().follow_redirects


class TestTransactions:
    @pytest.mark.django_db(transaction=True)
    def test_no_request_is_made_while_rows_are_locked(self, services):
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            http.get(CROSSREF, WORK)

        assert services.asked == []
        assert not ServicePace.objects.exists()


@pytest.mark.django_db
class TestPace:
    def test_a_busy_service_is_left_alone_as_long_as_it_asks(self, services):
        services.instead["crossref"] = reply(429, **{"Retry-After": "600"})
        now = timezone.now()

        with pytest.raises(Unavailable) as raised:
            http.get(CROSSREF, WORK)
        assert timedelta(seconds=598) < raised.value.retry_at - now < timedelta(seconds=605)
        with pytest.raises(Unavailable, match="left alone"):
            http.get(CROSSREF, WORK)
        assert len(services.asked) == 1
        assert http.get(OPENALEX, WORK).body is None  # others are asked all the same

    @pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
    def test_without_a_word_the_pause_doubles(self, services, status, time_machine):
        time_machine.move_to(datetime(2026, 1, 1, tzinfo=UTC), tick=False)
        services.instead["crossref"] = reply(status)
        pauses = []
        for _ in range(4):
            with pytest.raises(Unavailable) as raised:
                http.get(CROSSREF, WORK)
            pauses.append((raised.value.retry_at - timezone.now()).total_seconds())
            time_machine.move_to(raised.value.retry_at, tick=False)
        assert pauses == [5, 10, 20, 40]

        services.instead.clear()
        http.get(CROSSREF, WORK)
        assert ServicePace.objects.get().failures == 0

    @pytest.mark.parametrize(
        ("text", "seconds"),
        [("120", 120), (" 0 ", 0), ("-5", None), ("soon", None), ("", None), (None, None),
         ("9" * 400, 999_999_999)],
    )  # fmt: skip
    def test_retry_after_is_a_number_or_a_date(self, text, seconds):
        assert http.retry_after(text) == seconds

    def test_retry_after_as_a_date(self, time_machine):
        time_machine.move_to(datetime(2026, 1, 1, tzinfo=UTC), tick=False)
        later = timezone.now() + timedelta(minutes=5)

        assert http.retry_after(format_datetime(later, usegmt=True)) == 300

    def test_no_service_makes_us_wait_for_years(self, services):
        services.instead["crossref"] = reply(503, **{"Retry-After": "9" * 400})

        with pytest.raises(Unavailable) as raised:
            http.get(CROSSREF, WORK)
        assert raised.value.retry_at - timezone.now() <= timedelta(days=1)

    def test_turns_are_apart_and_arxiv_is_asked_once_at_a_time(self, db, time_machine):
        time_machine.move_to(datetime(2026, 1, 1, tzinfo=UTC), tick=False)
        first = pace.take_turn(ARXIV, longest=10)
        second = pace.take_turn(ARXIV, longest=10)

        assert first.seconds_to_wait == 0
        assert second.seconds_to_wait == 13
        pace.end_turn(ARXIV, second)
        assert pace.take_turn(ARXIV, longest=10).seconds_to_wait == 16
        turns = [pace.take_turn(CROSSREF, longest=10) for _ in range(3)]
        assert [round(t.seconds_to_wait, 1) for t in turns] == [0, 1, 2]

    def test_a_turn_that_ended_early_lets_the_next_one_begin(self, db, time_machine):
        time_machine.move_to(datetime(2026, 1, 1, tzinfo=UTC), tick=False)
        pace.end_turn(ARXIV, pace.take_turn(ARXIV, longest=10))

        assert pace.take_turn(ARXIV, longest=10).seconds_to_wait == 3


SCRIPT = """
import django; django.setup()
from papers.enrichment import pace
from papers.enrichment.hosts import CROSSREF
for _ in range(8):
    print(pace.take_turn(CROSSREF, longest=1).starts_at.timestamp())
"""


def test_processes_take_turns_together(site_environment):
    other = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SCRIPT],
        env=site_environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    starts = [pace.take_turn(CROSSREF, longest=1).starts_at.timestamp() for _ in range(2)]
    told = other.stdout.readline()  # it has begun, and both go on at once
    starts += [pace.take_turn(CROSSREF, longest=1).starts_at.timestamp() for _ in range(8)]
    # Not by `communicate`, which does not know what lies read beside the first line already.
    with other:
        starts += map(float, [told, *other.stdout.read().split()])
    assert other.returncode == 0

    gaps = [later - earlier for earlier, later in pairwise(sorted(starts))]
    assert len(starts) == 18
    assert min(gaps) >= CROSSREF.anonymous_interval - 0.001


@pytest.mark.django_db
class TestAnswers:
    def test_an_answer_is_kept_and_asked_for_again_with_its_tag(self, services, time_machine):
        time_machine.move_to(datetime(2026, 1, 1, tzinfo=UTC))
        services.crossref[DOI] = crossref_work(DOI, "A title")
        first = ask(CROSSREF, WORK, max_age=WEEK)
        assert ask(CROSSREF, WORK, max_age=WEEK) == first
        assert len(services.asked) == 1

        time_machine.shift(WEEK + timedelta(seconds=1))
        services.instead["crossref"] = reply(304)
        assert ask(CROSSREF, WORK, max_age=WEEK) == first
        assert services.headers[1]["If-None-Match"] == f'"{len(first)}"'
        assert ask(CROSSREF, WORK, max_age=WEEK) == first
        assert len(services.asked) == 2

    def test_what_is_not_known_is_asked_again_the_next_day(self, services, time_machine):
        time_machine.move_to(datetime(2026, 1, 1, tzinfo=UTC))
        assert ask(CROSSREF, WORK, max_age=WEEK) is None
        assert ask(CROSSREF, WORK, max_age=WEEK) is None
        assert len(services.asked) == 1

        time_machine.shift(timedelta(days=1, seconds=1))
        services.crossref[DOI] = crossref_work(DOI, "A title")
        assert ask(CROSSREF, WORK, max_age=WEEK)

    def test_a_failure_is_not_kept(self, services):
        services.instead["crossref"] = reply(content_type="text/html")
        with pytest.raises(ServiceError):
            ask(CROSSREF, WORK, max_age=WEEK)

        assert not ServiceAnswer.objects.exists()

    def test_old_answers_are_forgotten(self, services):
        ask(CROSSREF, WORK, max_age=WEEK)
        ask(OPENALEX, WORK, max_age=WEEK)
        long_ago = timezone.now() - timedelta(days=91)
        ServiceAnswer.objects.filter(pk=digest_of(CROSSREF, WORK)).update(fetched_at=long_ago)

        assert forget_old() == 1
        assert ServiceAnswer.objects.get().service == "openalex"
