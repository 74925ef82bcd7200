"""The services that are asked about papers: where they are, and how they want to be asked.

These are the only hosts that the site ever sends a request to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    label: str
    address: str
    media_types: frozenset[str]
    interval: float  # seconds between two requests, for one who says who asks
    anonymous_interval: float
    one_at_a_time: bool = False  # no second request while one is under way


# https://info.arxiv.org/help/api/tou.html: one request in three seconds, one connection.
ARXIV = Service(
    "arxiv",
    "arXiv",
    "https://export.arxiv.org",
    frozenset({"application/atom+xml", "application/xml", "text/xml"}),
    interval=3.0,
    anonymous_interval=3.0,
    one_at_a_time=True,
)
# https://www.crossref.org/documentation/retrieve-metadata/rest-api/: faster in the polite pool.
CROSSREF = Service(
    "crossref",
    "Crossref",
    "https://api.crossref.org",
    frozenset({"application/json"}),
    interval=0.3,
    anonymous_interval=1.0,
)
# https://developers.openalex.org/api-reference/authentication: single works are free of charge.
OPENALEX = Service(
    "openalex",
    "OpenAlex",
    "https://api.openalex.org",
    frozenset({"application/json"}),
    interval=0.3,
    anonymous_interval=1.0,
)
SERVICES: Mapping[str, Service] = MappingProxyType(
    {service.name: service for service in (ARXIV, CROSSREF, OPENALEX)}
)


def address_of(service: Service) -> str:
    """Where it is; tests, and they alone, put a server of their own in its place."""
    return getattr(settings, "ENRICH_TEST_ADDRESSES", {}).get(service.name, service.address)


def interval_of(service: Service) -> float:
    return service.interval if settings.ENRICH_MAILTO else service.anonymous_interval
