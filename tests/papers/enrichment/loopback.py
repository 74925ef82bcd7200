"""The three services on loopback: they answer in the form their documentation describes."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

type Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Services:
    """What is known by which identifier; `instead` answers in place of what would be right."""

    address: str = ""
    arxiv: dict[str, str] = field(default_factory=dict)
    crossref: dict[str, dict[str, Any]] = field(default_factory=dict)
    openalex: dict[str, dict[str, Any]] = field(default_factory=dict)
    instead: dict[str, Callable[[BaseHTTPRequestHandler], Reply | None]] = field(
        default_factory=dict
    )
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def addresses(self) -> dict[str, str]:
        return {name: f"{self.address}/{name}" for name in ("arxiv", "crossref", "openalex")}

    def asked_of(self, service: str) -> list[str]:
        return [path for path in self.asked if path.startswith(f"/{service}/")]

    def reply(self, path: str) -> Reply:
        parts = urlsplit(path)
        service, _, rest = parts.path.removeprefix("/").partition("/")
        if service == "arxiv":
            query = parse_qs(parts.query)
            entries = "".join(self.arxiv.get(i, "") for i in query["id_list"][0].split(","))
            feed = FEED.format(entries=entries, total=len(self.arxiv))
            return 200, {"Content-Type": "application/atom+xml; charset=UTF-8"}, feed.encode()
        doi = unquote(rest.removeprefix("works/")).removeprefix("doi:")
        work = getattr(self, service).get(doi)
        if work is None:
            return 404, {"Content-Type": "text/plain"}, b"Resource not found."
        answer = {"status": "ok", "message-type": "work", "message": work}
        body = json.dumps(answer if service == "crossref" else work).encode()
        return 200, {"Content-Type": "application/json", "ETag": f'"{len(body)}"'}, body


@contextmanager
def running() -> Iterator[Services]:
    services = Services()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            services.asked.append(self.path)
            services.headers.append(dict(self.headers))
            service = self.path.removeprefix("/").partition("/")[0]
            instead = services.instead.get(service)
            reply = instead(self) if instead else services.reply(self.path)
            if reply is None:
                return  # it has said all it has to say, or nothing
            status, headers, body = reply
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    services.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield services
    finally:
        server.shutdown()
        server.server_close()


FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?id_list=" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query: search_query=&amp;id_list=</title>
  <id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <updated>2026-11-20T00:00:00-05:00</updated>
  <totalResults xmlns="http://a9.com/-/spec/opensearch/1.1/">{total}</totalResults>
  {entries}
</feed>
"""

ERROR_ENTRY = """<entry>
  <id>http://arxiv.org/api/errors#incorrect_id_format_for_1234</id>
  <title>Error</title><summary>incorrect id format for 1234</summary>
  <author><name>arXiv api core</name></author>
</entry>"""


def arxiv_entry(
    value: str,
    title: str,
    authors: tuple[str, ...] = ("Grace Hopper", "Ada Lovelace"),
    summary: str = "We show it.\nAnd more.",
    published: str = "2021-03-07T17:59:59Z",
    **own: str,
) -> str:
    """An entry as the manual shows it; `doi`, `comment` and `journal_ref` are arXiv's own."""
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in authors)
    extra = "".join(
        f'<arxiv:{name} xmlns:arxiv="http://arxiv.org/schemas/atom">{escape(text)}</arxiv:{name}>'
        for name, text in own.items()
    )
    return f"""<entry>
  <id>http://arxiv.org/abs/{value}v2</id>
  <updated>2022-01-01T00:00:00Z</updated><published>{published}</published>
  <title>{escape(title)}</title><summary>  {escape(summary)}
  </summary>{people}{extra}
  <link href="http://arxiv.org/abs/{value}v2" rel="alternate" type="text/html"/>
  <link title="pdf" href="http://arxiv.org/pdf/{value}v2" rel="related" type="application/pdf"/>
</entry>"""


def crossref_work(doi: str, title: str, **more: Any) -> dict[str, Any]:
    """A work as Crossref's REST API gives it."""
    return {
        "DOI": doi,
        "type": "proceedings-article",
        "title": [title],
        "author": [
            {
                "given": "Grace",
                "family": "Hopper",
                "sequence": "first",
                "ORCID": "http://orcid.org/0000-0002-1825-0097",
                "authenticated-orcid": False,
                "affiliation": [],
            },
            {"given": "Ada", "family": "Lovelace", "sequence": "additional", "affiliation": []},
        ],
        "container-title": ["Proceedings of a &amp; b"],
        "published": {"date-parts": [[2022, 6]]},
        "abstract": "<jats:title>Abstract</jats:title><jats:p>First &lt;one&gt;.</jats:p>"
        "<jats:p>Then <jats:italic>another</jats:italic>.</jats:p>",
        "relation": {},
        **more,
    }


def openalex_work(doi: str, title: str, **more: Any) -> dict[str, Any]:
    """A work as OpenAlex gives it."""
    return {
        "id": "https://openalex.org/W2741809807",
        "doi": f"https://doi.org/{doi}",
        "title": title,
        "display_name": title,
        "publication_date": "2022-01-01",
        "publication_year": 2022,
        "is_retracted": False,
        "authorships": [
            {
                "author_position": "first",
                "author": {
                    "id": "https://openalex.org/A5023888391",
                    "display_name": "Grace Hopper",
                    "orcid": None,
                },
                "raw_author_name": "G. Hopper",
            },
            {
                "author_position": "last",
                "author": {
                    "id": "https://openalex.org/A5023888392",
                    "display_name": "Ada Lovelace",
                    "orcid": "https://orcid.org/0000-0001-5109-3700",
                },
                "raw_author_name": "Ada Lovelace",
            },
        ],
        "primary_location": {
            "landing_page_url": f"https://doi.org/{doi}",
            "source": {"display_name": "Journal of Things", "type": "journal"},
            "version": "publishedVersion",
        },
        "locations": [],
        "abstract_inverted_index": {"We": [0, 3], "show": [1], "it.": [2], "do.": [4]},
        **more,
    }
