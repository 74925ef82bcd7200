"""What becomes of each record, decided before anything is written: the preview shows the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from imports.models import ImportRow
from papers.cataloguing import NAMED_ONLY
from papers.identifiers import Identifier
from papers.importing.filling import missing_values, takes_authors
from papers.importing.matching import Certainty, Known, Match, year_is_near
from papers.importing.titles import folded_family, folded_title
from papers.models import Paper
from papers.references import Aside, Problem, Record, Reference

Outcome = ImportRow.Outcome
NOT_KNOWN_AS_RESEARCH = "an address of no known place of research"


class Choice(StrEnum):
    """What somebody decided about one record, over what the import would do by itself."""

    SKIP = "skip"
    MERGE = "merge"
    CREATE = "create"


@dataclass(frozen=True, slots=True)
class Options:
    all_addresses: bool = False  # of bookmarks: those of no known place of research, too


@dataclass(slots=True)
class Plan:
    """One record and what is to be done with it. `number` counts records, from 1."""

    number: int
    record: Record
    outcome: Outcome
    reason: str = ""
    match: Match | None = None
    choice: Choice | None = None
    twin: "Plan | None" = None  # an earlier record of this run that is the same work
    identifiers: list[Identifier] = field(default_factory=list)  # that no paper has yet
    values: dict[str, Any] = field(default_factory=dict)  # of a paper that is there
    takes_authors: bool = False
    review_note: str = ""
    paper: Paper | None = None  # what it became, once written

    @property
    def line(self) -> int:
        return self.record.line

    @property
    def reference(self) -> Reference | None:
        return self.record if isinstance(self.record, Reference) else None

    @property
    def warnings(self) -> list[str]:
        return self.reference.warnings if self.reference else []

    @property
    def choices(self) -> list[Choice]:
        """What somebody can decide about it."""
        if self.reference is None:
            return []
        merging = [Choice.MERGE] if self.match else []
        return [*merging, Choice.CREATE, Choice.SKIP]

    @property
    def default_choice(self) -> Choice:
        if self.outcome == Outcome.CREATED:
            return Choice.CREATE
        return Choice.MERGE if self.match and self.outcome != Outcome.SKIPPED else Choice.SKIP


class Planner:
    """Looks at the records of one run, a batch at a time, in order."""

    def __init__(
        self, options: Options | None = None, choices: Mapping[int, Choice] | None = None
    ) -> None:
        self.options = options or Options()
        self.choices = choices or {}
        self.number = 0
        self.identifiers: dict[tuple[str, str], Plan] = {}
        self.papers: dict[int, Plan] = {}
        self.titles: dict[str, list[Plan]] = {}

    def plan(self, records: Iterable[Record]) -> list[Plan]:
        """Nothing is written for it, and it asks the database as often for one as for many."""
        batch = list(records)
        known = Known.about([record for record in batch if isinstance(record, Reference)])
        return [self._plan(record, known) for record in batch]

    def _plan(self, record: Record, known: Known) -> Plan:
        self.number += 1
        if isinstance(record, Problem):
            return Plan(self.number, record, Outcome.REJECTED, record.reason)
        if isinstance(record, Aside):
            return Plan(self.number, record, Outcome.SKIPPED, record.reason)
        return self._plan_reference(record, known)

    def _plan_reference(self, reference: Reference, known: Known) -> Plan:
        match = known.match(reference)
        choice = self.choices.get(self.number)
        plan = Plan(self.number, reference, Outcome.CREATED, match=match, choice=choice)
        twin = self._twin(reference, match)
        if choice == Choice.SKIP:
            plan.outcome, plan.reason = Outcome.SKIPPED, "left out by choice"
        elif twin is not None and choice != Choice.CREATE:
            plan.outcome, plan.twin = Outcome.DUPLICATE, twin
            plan.reason = f"the same as the one in line {twin.line}"
        elif self._is_merged(match, choice):
            self._merge(plan, known)
        elif reference.is_any_address and not (self.options.all_addresses or choice):
            plan.outcome, plan.reason = Outcome.SKIPPED, NOT_KNOWN_AS_RESEARCH
        else:
            self._create(plan, known, match or (twin.match if twin else None), twin)
        self._remember(plan)
        return plan

    def _is_merged(self, match: Match | None, choice: Choice | None) -> bool:
        if match is None or choice == Choice.CREATE:
            return False
        return choice == Choice.MERGE or match.certainty != Certainty.UNSURE

    def _merge(self, plan: Plan, known: Known) -> None:
        assert plan.match is not None  # noqa: S101
        assert plan.reference is not None  # noqa: S101
        paper = plan.match.paper
        plan.values = missing_values(paper, plan.reference)
        plan.takes_authors = takes_authors(
            paper, plan.reference, has_authors=paper.pk in known.with_authors
        )
        if "identifiers" not in paper.locked_fields:
            plan.identifiers = self._free(plan.reference, known)
        adds = bool(plan.values or plan.takes_authors or plan.identifiers)
        plan.outcome = Outcome.UPDATED if adds else Outcome.UNCHANGED
        plan.reason = plan.match.reason

    def _create(self, plan: Plan, known: Known, match: Match | None, twin: Plan | None) -> None:
        assert plan.reference is not None  # noqa: S101
        plan.outcome = Outcome.CREATED
        plan.identifiers = self._free(plan.reference, known)
        if match is not None:
            plan.review_note = f"May be the same as “{match.paper}”: {match.reason}."
            plan.reason = f"to review: {match.reason}"
        elif twin is not None:
            plan.review_note = f"May be the same as the one in line {twin.line} of its file."
            plan.reason = plan.review_note
        elif plan.reference.title_is_provisional:
            plan.review_note = NAMED_ONLY

    def _free(self, reference: Reference, known: Known) -> list[Identifier]:
        return [
            each
            for each in reference.identifiers
            if each.key not in known.by_identifier and each.key not in self.identifiers
        ]

    def _twin(self, reference: Reference, match: Match | None) -> Plan | None:
        """An earlier record of the run that is the same work."""
        for each in reference.identifiers:
            if (plan := self.identifiers.get(each.key)) and _agree(reference, plan, each):
                return plan
        if match and match.certainty != Certainty.UNSURE and match.paper.pk in self.papers:
            return self.papers[match.paper.pk]
        for plan in self.titles.get(folded_title(reference.title), ()):
            if _are_one(reference, plan):
                return plan
        return None

    def _remember(self, plan: Plan) -> None:
        if plan.reference is None or plan.outcome in (Outcome.SKIPPED, Outcome.DUPLICATE):
            return
        for each in plan.reference.identifiers:
            self.identifiers.setdefault(each.key, plan)
        if plan.outcome != Outcome.CREATED and plan.match is not None:
            self.papers.setdefault(plan.match.paper.pk, plan)
        if not plan.reference.title_is_provisional:
            self.titles.setdefault(folded_title(plan.reference.title), []).append(plan)


def _agree(reference: Reference, plan: Plan, identifier: Identifier) -> bool:
    other = plan.reference
    if identifier.scheme != "url" or other is None:
        return True
    if reference.title_is_provisional or other.title_is_provisional:
        return True
    return folded_title(reference.title) == folded_title(other.title)


def _are_one(reference: Reference, plan: Plan) -> bool:
    other = plan.reference
    if reference.title_is_provisional or other is None:
        return False
    family = folded_family(reference.names)
    if not family or family != folded_family(other.names):
        return False
    years = [each.published.year if each.published else None for each in (reference, other)]
    return year_is_near(*years) is not False


def counted(plans: Sequence[Plan]) -> dict[str, int]:
    counts = dict.fromkeys(Outcome.values, 0)
    for plan in plans:
        counts[plan.outcome] += 1
    return counts
