"""One paper as the API shows it: with all that its page shows."""

from typing import Any

from api.resources import absolute
from papers.models import CitationKeyAlias
from papers.places import Place, links_beside, places_of
from papers.related import Related, related_to
from papers.rows import mention_row, mention_values
from papers.surroundings import links_around


def add_details(paper: dict[str, Any], user) -> dict[str, Any]:
    """To a row of `paper_rows`, in six queries more."""
    mentions = mention_values(paper["id"], user)
    latest_first = {m["entry"]: m["entry__section"] for m in reversed(mentions) if m["entry"]}
    own = list(latest_first.items())
    around = links_around(own, user)
    names = [(name["scheme"], name["value"]) for name in paper["identifiers"]]
    places = places_of(paper, names, links_beside(paper["id"], around))
    keys = CitationKeyAlias.objects.filter(paper=paper["id"]).order_by("key")
    return paper | {
        "former_keys": list(keys.values_list("key", flat=True)),
        "links": [_link(place) for place in places],
        "mentions": [mention_row(mention) for mention in mentions],
        "related": [_related(each) for each in related_to(paper["id"], around, own, user)],
    }


def _link(place: Place) -> dict[str, str]:
    return {"kind": place.kind, "name": place.name, "url": place.url}


def _related(other: Related) -> dict[str, Any]:
    address = other.reason.address
    return {
        "id": other.id,
        "title": other.title,
        "published": other.published,
        "reason": {
            "kind": other.reason.kind,
            "text": other.reason.words,
            "web_url": absolute(address) if address else None,
        },
        "web_url": absolute(other.address),
    }
