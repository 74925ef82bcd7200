"""What an import would do, as a page shows it: what needs a decision first."""

from dataclasses import dataclass, field

from papers.importing.planning import Choice, Outcome, Plan
from papers.importing.run import Result, Watch
from papers.importing.sources import Source
from papers.importing.writing import told_as

SHOWN = 200  # of the rows; a form cannot hold a field for each of five thousand
REJECTED_SHOWN = 100
AUTHORS_SHOWN = 3
_FIRST = (Outcome.UPDATED, Outcome.CREATED, Outcome.DUPLICATE, Outcome.UNCHANGED, Outcome.SKIPPED)
# What would happen, where `Outcome` says what did.
_OUTCOMES = {
    Outcome.CREATED: "New",
    Outcome.UPDATED: "Adds to what is here",
    Outcome.UNCHANGED: "Here already",
    Outcome.DUPLICATE: "Twice in the file",
    Outcome.SKIPPED: "Left out",
    Outcome.REJECTED: "Cannot be imported",
}
_LABELS = {
    Choice.MERGE: "Complete the one here",
    Choice.CREATE: "Add as a paper of its own",
    Choice.SKIP: "Leave out",
}


@dataclass(slots=True)
class Row:
    """One record of the preview."""

    plan: Plan

    @property
    def rank(self) -> tuple[int, int]:
        """Doubtful ones first, then what changes, then what is clear."""
        doubtful = bool(self.plan.review_note and self.plan.match)
        return (0 if doubtful else 1 + _FIRST.index(self.plan.outcome), self.plan.number)

    @property
    def outcome(self) -> str:
        return _OUTCOMES[self.plan.outcome]

    @property
    def authors(self) -> str:
        names = self.plan.reference.names if self.plan.reference else []
        more = len(names) - AUTHORS_SHOWN
        shown = ", ".join(names[:AUTHORS_SHOWN])
        return f"{shown} and {more:,} more" if more > 0 else shown

    @property
    def year(self) -> int | None:
        reference = self.plan.reference
        return reference.published.year if reference and reference.published else None

    @property
    def fills(self) -> str:
        """What a paper that is here would get from it."""
        names = dict.fromkeys(map(told_as, self.plan.values))
        words = [name.replace("_url", "").replace("_", " ") for name in names]
        words += ["authors"] if self.plan.takes_authors else []
        words += [str(each) for each in self.plan.identifiers]
        return ", ".join(words) if self.plan.outcome == Outcome.UPDATED else ""

    @property
    def options(self) -> list[tuple[str, str]]:
        """The plan's own choice has no value: it is not a choice until another one is made."""
        default = self.plan.default_choice
        others = [choice for choice in self.plan.choices if choice != default]
        if default == Choice.SKIP and self.plan.twin:
            others = [Choice.CREATE]
        return [("", _LABELS[default]), *((str(each), _LABELS[each]) for each in others)]


@dataclass(slots=True)
class Preview:
    source: Source
    result: Result = field(default_factory=Result)
    plans: list[Plan] = field(default_factory=list)
    rejected: list[Plan] = field(default_factory=list)
    asides: list[Plan] = field(default_factory=list)

    @property
    def watch(self) -> Watch:
        return Watch(self._see)

    def _see(self, source: Source, plan: Plan) -> None:
        if plan.outcome == Outcome.REJECTED:
            self.rejected.append(plan)
        elif plan.reference is None:
            self.asides.append(plan)
        else:
            self.plans.append(plan)

    @property
    def counts(self) -> list[tuple[str, int]]:
        counts = self.result.counts
        return [(words, counts[name]) for name, words in _OUTCOMES.items() if counts[name]]

    @property
    def rows(self) -> list[Row]:
        return sorted(map(Row, self.plans), key=lambda row: row.rank)[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.plans) - SHOWN)

    @property
    def problems(self) -> list[Plan]:
        return self.rejected[:REJECTED_SHOWN]

    @property
    def more_problems(self) -> int:
        return max(0, len(self.rejected) - REJECTED_SHOWN)

    @property
    def is_worth_it(self) -> bool:
        return any(self.result.counts[name] for name in (Outcome.CREATED, Outcome.UPDATED)) or any(
            len(row.options) > 1 for row in self.rows
        )
