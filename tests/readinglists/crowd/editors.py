"""People who write on one list at once over the API, and what must be true of it afterwards."""

import json
import random
import re
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple, Protocol

from django.test import Client

from readinglists.editing.states import FIELDS, merged, rows_of, state_of
from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList

# What a write may be answered while others write too: done, or based on what is no more. (A note
# names its item in its body: of one that is gone it is told with a 400.)
ANSWERED = {200, 201, 204, 404, 412}
ACCEPTED = {200, 201, 204}


class Answer(NamedTuple):
    status: int
    body: Any
    etag: str


class Way(Protocol):
    """How an editor reaches the site."""

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer: ...


class InProcess:
    """Through Django's test client, with an account that is signed in."""

    def __init__(self, user: Any) -> None:
        self.client = Client()
        self.client.force_login(user)

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        data = "" if body is None else json.dumps(body)
        answer = self.client.generic(
            method, path, data, content_type="application/json", headers=headers
        )
        return Answer(answer.status_code, _read(answer.content), answer.headers.get("ETag", ""))


class OverHttp:
    """Over the network, with an API token."""

    def __init__(self, port: int, secret: str) -> None:
        self.port, self.secret = port, secret

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Authorization": f"Bearer {self.secret}", **(headers or {})}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            sent["Content-Type"] = "application/json"
        try:
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            content = answer.read()
            if not content and answer.status != 204:
                raise HTTPException("cut off")
            return Answer(answer.status, _read(content), answer.headers.get("ETag", ""))
        except ValueError as error:
            raise HTTPException("cut off") from error
        finally:
            connection.close()


def version_of(tag: str) -> int:
    """The version in a tag, with or without what follows it."""
    found = re.match(r'"(\d+)', tag)
    assert found, tag
    return int(found[1])


def _read(content: bytes) -> Any:
    return json.loads(content) if content else None


@dataclass
class Ledger:
    """The writes that were acknowledged: each has a word of its own in it."""

    words: list[str] = field(default_factory=list)
    accepted: int = 0
    answers: Counter[int] = field(default_factory=Counter)


@dataclass
class Editor:
    """Somebody who reads, and then writes something based on what was read."""

    way: Way
    path: str  # of the list in the API
    ledger: Ledger
    chance: random.Random

    def act(self) -> Answer:
        """One random write; its answer, once the ledger knows it."""
        number = self.chance.randrange(10)
        acts = [self.rename] * 2 + [self.add] * 2 + [self.retitle] * 2
        acts += [self.move, self.reorder, self.remove, self.note]
        return acts[number]()

    def insist(self, write: Any) -> Answer:
        """Again and again, each time from what stands then, until it is accepted."""
        while True:
            answer = write()
            if answer.status in ACCEPTED:
                return answer

    def rename(self) -> Answer:
        word = self._word()
        return self._write("PATCH", "", {"title": word}, self.read("").etag, word)

    def add(self) -> Answer:
        word = self._word()
        body = {"url": f"https://example.org/{word}", "title": word}
        # Whoever does not know whether it was done says it again, under the same key.
        return self._write("POST", "items/", body, None, word, {"Idempotency-Key": word})

    def retitle(self) -> Answer:
        item, tag = self._some_item()
        word = self._word()
        return self._write("PATCH", f"items/{item}/", {"title": word}, tag, word)

    def move(self) -> Answer:
        item, tag = self._some_item()
        place = self.chance.randint(1, 5)
        return self._write("PATCH", f"items/{item}/", {"position": place}, tag)

    def remove(self) -> Answer:
        item, tag = self._some_item()
        return self._write("DELETE", f"items/{item}/", None, tag)

    def note(self) -> Answer:
        item, _ = self._some_item()
        word = self._word()
        body = {
            "item": item,
            "markdown": word,
            "audience": self.chance.choice(["public", "members"]),
        }
        return self._write("POST", "notes/", body, None, word, {"Idempotency-Key": word})

    def reorder(self) -> Answer:
        tag = self.read("").etag
        # Read later than the version: what was changed between them is stale, not mixed up.
        order = self.read("order/").body
        for part in (order, *order["sections"]):
            self.chance.shuffle(part["items"])
        body = {name: order[name] for name in ("items", "sections")}
        return self._write("PUT", "order/", body, tag)

    def read(self, part: str) -> Answer:
        answer = self.way.ask("GET", self.path + part)
        assert answer.status in {200, 404}, answer
        return answer

    def _items(self) -> list[Any]:
        return self.read("items/?page_size=200").body["results"]

    def _some_item(self) -> tuple[str, str]:
        rows = self._items()
        row = self.chance.choice(rows) if rows else {"id": uuid.UUID(int=0), "version": 1}
        return str(row["id"]), f'"{row["version"]}"'

    def _write(
        self,
        method: str,
        part: str,
        body: Any,
        tag: str | None,
        word: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = {**(headers or {}), **({"If-Match": tag} if tag else {})}
        answer = self.way.ask(method, self.path + part, body, sent)
        self.ledger.answers[answer.status] += 1
        is_gone = answer.status == 400 and answer.body["errors"][0]["code"] == "unknown"
        assert answer.status in ANSWERED or is_gone, (method, part, body, answer)
        if answer.status in ACCEPTED:
            if tag and answer.body:
                # Nobody came between what was read and what was written (or nothing was to do).
                assert version_of(answer.etag) - version_of(tag) in {0, 1}, (part, tag, answer)
            self.ledger.accepted += 1
            if word:
                self.ledger.words.append(word)
        return answer

    def _word(self) -> str:
        return f"w{self.chance.getrandbits(80):020x}"


def assert_nothing_lost(reading_list: ReadingList, ledger: Ledger) -> None:
    """What stands is what history says, every acknowledged write is in it once, and no two things
    stand in one place."""
    reading_list = ReadingList.objects.get(pk=reading_list.pk)
    events = list(ListEvent.objects.filter(reading_list=reading_list).order_by("version"))
    versions = [event.version for event in events]
    assert versions == list(range(1, reading_list.version + 1))
    told = Counter(
        word
        for event in events
        for word in ledger.words
        if word in json.dumps(event.after) and event.verb != "undone"
    )
    assert {word: told[word] for word in ledger.words} == dict.fromkeys(ledger.words, 1)
    _assert_state_follows(reading_list, events)
    for rows in (
        Item.objects.filter(reading_list=reading_list, deleted_at=None),
        ListSection.objects.filter(reading_list=reading_list, deleted_at=None),
    ):
        places = list(rows.values_list("position", flat=True))
        assert len(set(places)) == len(places)


def _assert_state_follows(reading_list: ReadingList, events: list[ListEvent]) -> None:
    """Patch upon patch, history leads to what stands: nobody wrote over another unseen."""
    whole = merged(event.after for event in events if event.after)
    for kind, parts in whole.items():
        if kind not in FIELDS:
            continue
        rows = rows_of(kind, reading_list, parts)
        for pk, state in parts.items():
            now = state_of(kind, rows[pk])
            if state is None:
                assert now is None, (kind, pk)
            else:
                assert now is not None, (kind, pk)
                assert {name: now[name] for name in state} == state, (kind, pk)
    standing = set(
        map(str, Item.objects.filter(reading_list=reading_list).values_list("pk", flat=True))
    )
    assert standing <= set(whole.get("item", {}))
    notes = Note.objects.filter(item__reading_list=reading_list).exclude(audience="private")
    assert {str(pk) for pk in notes.values_list("pk", flat=True)} <= set(whole.get("note", {}))
