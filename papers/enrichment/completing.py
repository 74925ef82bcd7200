"""Which of the services' values become a paper's own.

A value that is locked stays. One that is missing, or came from a service further down the line, is
replaced; one that came from elsewhere is only made more precise, and what contradicts it is kept
for a maintainer. Every value taken is noted with its service, the identifier asked for, and when.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from curation.locks import keep_first_state
from markup.urls import clean_url
from papers.cataloguing import NAMED_ONLY, UNVERIFIED
from papers.duplicates import look_again
from papers.enrichment.hosts import SERVICES
from papers.enrichment.likeness import alike, same_title, share_authors
from papers.enrichment.names import Names
from papers.enrichment.records import PartialDate, Record
from papers.enrichment.twins import add_identifiers
from papers.identifiers import Identifier
from papers.models import Paper
from papers.models.works import printed_date

# Who is believed first. arXiv's title and day are the work's own: it is found there before it is
# published; where it was published is for its publisher to say.
SPEAKS = {
    "title": ("arxiv", "crossref", "openalex"),
    "authors": ("arxiv", "crossref", "openalex"),
    "published": ("arxiv", "crossref", "openalex"),
    "venue": ("crossref", "openalex", "arxiv"),
    "abstract": ("arxiv", "crossref", "openalex"),
    "retraction": ("crossref", "arxiv"),
}
LOCKED_BY = {
    "authors": {"authorships", "authors"},
    "published": {"published_year", "published_month", "published_day"},
    "retraction": {"retraction_note", "retraction_url"},
}
LONGEST_REASON = 100


@dataclass(slots=True)
class Changes:
    """What completing a paper does to it, in words: field, before, after."""

    made: list[tuple[str, str, str]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.made or self.conflicts)


class Completing:
    """One paper, locked in the transaction that is running, and the records of it."""

    def __init__(self, paper: Paper, records: Sequence[Record], now: datetime) -> None:
        self.paper = paper
        self.now = now
        self.changes = Changes()
        self.sources: dict[str, Any] = dict(paper.sources)
        self.noted: dict[str, Any] = dict(self.sources.get("fields", {}))
        self.names = Names(paper)
        self.records = list(self._believable(records))

    def complete(self) -> Changes:
        self._title()
        self._settle("published", self._published(), self._set_published, self._may_refine)
        self._settle("venue", self.paper.venue, self._set("venue"))
        self._settle("abstract", self.paper.abstract, self._set("abstract"))
        self._authors()
        self._retraction()
        self._identifiers()
        self._addresses()
        if self.changes:
            self._save()
            look_again([self.paper.pk])
        return self.changes

    # --- What is believed --------------------------------------------------------------------
    def _believable(self, records: Sequence[Record]) -> Iterator[Record]:
        """Without records of other works: an identifier somewhere may be mistyped."""
        titles = [self.paper.title] if self._is_official() else []
        names = self.names.printed()
        for record in records:
            people = [person.name for person in record.authors]
            if not titles or any(alike(title, record.title) for title in titles):
                titles.append(record.title or "")
            elif not share_authors(names, people):
                self._conflict("identifier", record.asked, record.title or "no title", record)
                continue
            names = names or people
            yield record

    def _values(self, name: str) -> list[tuple[Record, Any]]:
        """What the records say of a field, the first to be believed first."""
        order = SPEAKS[name]
        told = [(r, getattr(r, name)) for r in self.records if r.service in order]
        return sorted((x for x in told if x[1]), key=lambda told: order.index(told[0].service))

    def _settle(
        self,
        name: str,
        current: Any,
        set_value: Callable[[Any], None],
        may_refine: Callable[[Any, Any], bool] = lambda current, value: False,
    ) -> None:
        values = self._values(name)
        if not values or self._is_locked(name):
            return
        record, value = values[0]
        if value == current:
            return
        if not current or self._speaks_before(name, record) or may_refine(current, value):
            set_value(value)
            self._note(name, record, _words(current), _words(value))

    def _speaks_before(self, name: str, record: Record) -> bool:
        """Whether the value that stands came from this service, or one believed less."""
        order, source = SPEAKS[name], self.noted.get(name, {}).get("source")
        return source in order and order.index(record.service) <= order.index(source)

    def _is_locked(self, name: str) -> bool:
        return not LOCKED_BY.get(name, {name}).isdisjoint(self.paper.locked_fields)

    def _is_official(self) -> bool:
        return self.paper.title_source == Paper.TitleSource.OFFICIAL

    # --- Field by field ----------------------------------------------------------------------
    def _title(self) -> None:
        values = self._values("title")
        if not values or self._is_locked("title"):
            return
        record, title = values[0]
        former = self.paper.title
        if title != former and (not self._is_official() or self._speaks_before("title", record)):
            self.paper.title = title
            self._note("title", record, former, title)
        elif not same_title(title, former):
            self._conflict("title", former, title, record)
        if self.paper.title == title and not self._is_official():
            self.paper.title_source = Paper.TitleSource.OFFICIAL
            self._reviewed()
            if title == former:
                self._note("title", record, "the newsletter's words", title)
        self._other_titles([former, *(other for _, other in values)])

    def _other_titles(self, titles: Sequence[str]) -> None:
        if "alternative_titles" in self.paper.locked_fields:
            return
        known = [self.paper.title, *self.paper.alternative_titles]
        for title in titles:
            if "://" not in title and not any(same_title(title, other) for other in known):
                known.append(title)
                self.changes.made.append(("alternative_titles", "", title))
        self.paper.alternative_titles = known[1:]

    def _published(self) -> PartialDate | None:
        paper = self.paper
        if paper.published_year is None:
            return None
        return paper.published_year, paper.published_month, paper.published_day

    def _set_published(self, date: PartialDate) -> None:
        self.paper.published_year, self.paper.published_month, self.paper.published_day = date

    def _may_refine(self, current: PartialDate, value: PartialDate) -> bool:
        if current[0] != value[0]:
            record, _ = self._values("published")[0]
            self._conflict("published", _words(current), _words(value), record)
        known = [part for part in current if part is not None]
        return list(value[: len(known)]) == known and None not in value[: len(known) + 1]

    def _authors(self) -> None:
        values = self._values("authors")
        if not values or self._is_locked("authors"):
            return
        record, people = values[0]
        before = self.names.in_words()
        if self.names.are_a_start_of(people) or self._speaks_before("authors", record):
            if self.names.replace(people):
                self._note("authors", record, before, self.names.in_words())
        elif not self.names.are_those_of(people):
            told = ", ".join(person.name for person in people)
            self._conflict("authors", before, told, record)
        for record, people in values:
            for name, orcid in self.names.identify(people):
                self._note("orcid", record, name, orcid)

    def _retraction(self) -> None:
        values = self._values("retraction")
        paper = self.paper
        if paper.is_retracted or self._is_locked("retraction"):
            return
        if values:
            record, retraction = values[0]
            paper.retraction_note = retraction.note
            paper.retraction_url = clean_url(retraction.url or "")
            self._note("retraction", record, "", retraction.note)
            return
        for record in self.records:  # one that gathers from others may err
            if record.retraction:
                self._conflict("retraction", "", record.retraction.note, record)

    def _identifiers(self) -> None:
        if "identifiers" in self.paper.locked_fields:
            return
        for record in self.records:
            added, evidence = add_identifiers(self.paper, record)
            for identity in added:
                self._note("identifiers", record, "", str(identity))
            for words in evidence:
                self._conflict("identifiers", "", words, record)

    def _addresses(self) -> None:
        rows = self.paper.identifiers.exclude(scheme="url").order_by("scheme", "pk")
        identities = [Identifier(row.scheme, row.value) for row in rows]
        for name, addresses in (
            ("url", [each.landing_url for each in identities]),
            ("pdf_url", [each.pdf_url for each in identities]),
        ):
            address = next(filter(None, addresses), None)
            if address and not getattr(self.paper, name) and not self._is_locked(name):
                setattr(self.paper, name, clean_url(address))
                self.changes.made.append((name, "", address))

    # --- Notes -------------------------------------------------------------------------------
    def _set(self, name: str) -> Callable[[Any], None]:
        return lambda value: setattr(self.paper, name, value)

    def _note(self, name: str, record: Record, before: str, after: str) -> None:
        self.noted[name] = {"source": record.service, "asked": record.asked, "at": self._moment()}
        self.changes.made.append((name, before, after))

    def _conflict(self, name: str, ours: str, theirs: str, record: Record) -> None:
        """Kept for a maintainer, who is told once."""
        kept = list(self.sources.get("conflicts", ()))
        if any(
            (c["field"], c["source"], c["theirs"]) == (name, record.service, theirs) for c in kept
        ):
            return
        told = {"field": name, "ours": ours, "theirs": theirs, "source": record.service}
        kept.append(told | {"asked": record.asked, "at": self._moment()})
        self.sources["conflicts"] = kept
        line = f"{SERVICES[record.service].label} ({record.asked}), {name}: {theirs}"
        self.paper.review_note = "\n".join(filter(None, [self.paper.review_note, line]))
        self.paper.needs_review = True
        self.changes.conflicts.append(line)

    def _reviewed(self) -> None:
        """That no record was known is over; what else is to be looked at stays."""
        lines = (self.paper.review_note or "").splitlines()
        left = [line for line in lines if line not in (NAMED_ONLY, UNVERIFIED)]
        if left != lines:
            self.paper.review_note = "\n".join(left) or None
            self.paper.needs_review = bool(left)

    def _moment(self) -> str:
        return self.now.isoformat(timespec="seconds").replace("+00:00", "Z")

    def _save(self) -> None:
        services = dict.fromkeys(SERVICES[record.service].label for record in self.records)
        reason = f"completed from {', '.join(services)}" if services else "looked up"
        self.paper.sources = self.sources | ({"fields": self.noted} if self.noted else {})
        keep_first_state(self.paper)
        self.paper._change_reason = reason[:LONGEST_REASON]
        self.paper.save()


def _words(value: Any) -> str:
    return (printed_date(*value) or "") if isinstance(value, tuple) else str(value or "")
