"""Numbers tell as much as words: each is of what whoever asks may see, and of nothing else."""

import pytest

from tests.readinglists.leaks.conftest import quietly
from tests.readinglists.leaks.rules import PEOPLE, Asker, is_listed, is_member, may_know, opens
from tests.readinglists.leaks.shelf import COMMON, Shelf

# What stands on the lists to be read; of what was removed or lies in the trash nothing is counted.
NOTES = (
    *("public note", "members note", "former's note", "owner's private note"),
    *("viewer's private note", "somebody's private note", "note made private"),
    "public note on a proposal",
)
STANDING = {"private": 4, "members": 5, "unlisted": 4, "public": 5}


def listed(asker: Asker) -> list[str]:
    return [visibility for visibility in STANDING if is_listed(asker, visibility)]


def ask(shelf: Shelf, asker: Asker, address: str):
    with quietly():
        return shelf.clients[asker.name].get(f"/api/v1/{address}")


@pytest.mark.parametrize("asker", PEOPLE, ids=str)
def test_counts_are_of_what_one_may_see(shelf, db, asker):
    lists = ask(shelf, asker, "lists/?page_size=200").json()
    assert lists["count"] == len(listed(asker))
    counted = {row["visibility"]: row["item_count"] for row in lists["results"]}
    assert counted == {each: STANDING[each] + is_member(asker, each) for each in listed(asker)}

    found = ask(shelf, asker, f"search/?q={COMMON}&facets=1").json()
    said = sum(may_know(asker, each, fact) for each in listed(asker) for fact in NOTES)
    facets = {row["value"]: row["count"] for row in found["facets"]["kind"]}
    assert facets.get("list", 0) == len(listed(asker))
    assert facets.get("note", 0) == said
    assert found["count"] == len(listed(asker)) + said

    for visibility, of in shelf.lists.items():
        papers = ask(shelf, asker, f"papers/?list={of.pk}")
        held = papers.json()["count"] if papers.status_code == 200 else 0
        assert held == int(opens(asker, visibility)), visibility
        notes = ask(shelf, asker, f"lists/{of.pk}/notes/?page_size=1")
        if opens(asker, visibility):
            assert notes.json()["count"] == sum(may_know(asker, visibility, f) for f in NOTES)
