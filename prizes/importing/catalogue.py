"""The prizes and dates that are there, to tell what a file's calls would add to them."""

import uuid
from dataclasses import dataclass
from typing import Literal

from prizes.derived import NAMESPACE
from prizes.importing.calls import Call, CallDate
from prizes.models import Announcement, Deadline, Prize
from prizes.reader.identity import telling_words, website_key

Match = Literal["same", "alike", "new"]


def key_of(teller: str, call: Call, *parts: object) -> uuid.UUID:
    """The id of what a teller says of a call: the same whenever the file is read again."""
    return uuid.uuid5(NAMESPACE, "|".join(map(str, ("file", teller, call.key, *parts))))


def date_key(teller: str, call: Call, date: CallDate) -> uuid.UUID:
    return key_of(teller, call, date.kind, date.label)


def statement_key(teller: str, call: Call, date: CallDate) -> uuid.UUID:
    state = "cancelled" if date.is_cancelled else date.precision
    return key_of(teller, call, date.kind, date.label, date.date, date.time, date.timezone, state)


@dataclass(slots=True)
class Known:
    """A call's prize, as far as it can be told."""

    match: Match
    prize: Prize | None = None


class Catalogue:
    """Loaded once for a run; learns what the run adds."""

    def __init__(self) -> None:
        self.prizes = {prize.pk: prize for prize in Prize.objects.filter(merged_into=None)}
        self.by_site: dict[str, list[Prize]] = {}
        self.by_name: dict[str, list[Prize]] = {}
        for prize in self.prizes.values():
            self.learn(prize)
        self.deadlines = dict(Deadline.objects.values_list("pk", "prize"))
        self.statements = set(Announcement.objects.filter(issue=None).values_list("pk", flat=True))

    def learn(self, prize: Prize) -> None:
        self.prizes[prize.pk] = prize
        if site := website_key(prize.website):
            self.by_site.setdefault(site, []).append(prize)
        self.by_name.setdefault(prize.name.casefold(), []).append(prize)

    def find(self, teller: str, call: Call) -> Known:
        """By what was said of it before; else by name, and by website where that is one's own.

        One website may serve every year of a conference, so it decides only with the name.
        """
        for date in call.dates:
            pk = self.deadlines.get(date_key(teller, call, date))
            if pk in self.prizes:
                return Known("same", self.prizes[pk])
        named = self.by_name.get(call.name.casefold(), [])
        at_site = self.by_site.get(website_key(call.website) or "", [])
        if both := [prize for prize in named if prize in at_site]:
            return Known("same", both[0])
        if len(named) == 1 and not (call.website and named[0].website):
            return Known("same", named[0])
        words = telling_words(call.name)
        near = [prize for prize in at_site if words and words <= telling_words(prize.name)]
        if alike := [*named, *near]:
            return Known("alike", alike[0])
        return Known("new")
