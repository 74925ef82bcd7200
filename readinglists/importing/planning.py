"""What becomes of each record of a draft, decided before anything is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from imports.models import ImportRow
from markup.urls import clean_url
from newsletter.models import Entry
from papers.importing.access import may_import
from papers.importing.matching import Certainty
from papers.importing.planning import Plan as PaperPlan
from papers.importing.planning import Planner
from papers.models import Paper
from prizes.models import Prize
from readinglists.editing.items import Target
from readinglists.importing.drafts import Draft, DraftItem, Unread
from readinglists.models import ReadingList
from readinglists.wanted import Key, already_on, key_of

Outcome = ImportRow.Outcome
_AT_ONCE = 200
LONGEST_TITLE = 500
_SHOWN_TITLE = 120


@dataclass(slots=True)
class Plan:
    """One record and what is to be done with it; `number` counts records, from 1."""

    number: int
    record: DraftItem | Unread
    outcome: Outcome = Outcome.CREATED
    reason: str = ""
    target: Target | None = None
    paper: PaperPlan | None = None  # of a paper that is to be filed
    stands_for: dict[str, Any] | None = None

    @property
    def line(self) -> int:
        return self.record.line

    @property
    def item(self) -> DraftItem | None:
        return self.record if isinstance(self.record, DraftItem) else None

    @property
    def title(self) -> str:
        return self.item.title if self.item else ""

    @property
    def warnings(self) -> list[str]:
        return self.item.warnings if self.item else []

    def refuse(self, outcome: Outcome, reason: str) -> None:
        self.outcome, self.reason = outcome, reason


@dataclass(slots=True)
class _Found:
    """What is here that the items of a batch name, of what this person may see."""

    entries: dict[tuple[str, str], int] = field(default_factory=dict)
    prizes: dict[str, int] = field(default_factory=dict)
    papers: dict[int, PaperPlan] = field(default_factory=dict)  # by the item's number
    by_key: dict[str, tuple[int, str]] = field(default_factory=dict)
    visible: set[int] = field(default_factory=set)


def plan_draft(draft: Draft, user: Any, into: ReadingList | None = None) -> list[Plan]:
    """Nothing is written for it."""
    planner = Planner()
    plans: list[Plan] = []
    numbered = [Plan(number, record) for number, record in enumerate(draft.items, start=1)]
    for batch in batched(numbered, _AT_ONCE):
        found = _find([plan for plan in batch if plan.item], planner, user)
        for plan in batch:
            _plan(plan, found, user)
        plans += batch
    _mark_twins(plans, draft, into)
    return plans


def _find(plans: Sequence[Plan], planner: Planner, user: Any) -> _Found:
    items = [plan.item for plan in plans if plan.item]
    found = _Found()
    slugs = {item.values["entry"]["issue"] for item in items if "entry" in item.values}
    entries = Entry.objects.visible_to(user).filter(issue__slug__in=slugs)
    for pk, slug, anchor in entries.values_list("pk", "issue__slug", "anchor"):
        found.entries[slug, anchor] = pk
    named = {item.values["prize"]["slug"] for item in items if "prize" in item.values}
    prizes = Prize.objects.visible_to(user).filter(slug__in=named)
    found.prizes = dict(prizes.values_list("slug", "pk"))
    with_papers = [plan for plan in plans if plan.item and plan.item.reference]
    references = [plan.item.reference for plan in with_papers if plan.item]
    planned = planner.plan([each for each in references if each])
    found.papers = {plan.number: paper for plan, paper in zip(with_papers, planned, strict=True)}
    keys = {each.key for each in references if each and each.key}
    by_key = Paper.objects.visible_to(user).filter(citation_key__in=keys)
    rows = by_key.values_list("citation_key", "pk", "title")
    found.by_key = {key: (pk, title) for key, pk, title in rows}
    matched = {plan.match.paper.pk for plan in planned if plan.match}
    seen = Paper.objects.visible_to(user).filter(pk__in=matched)
    found.visible = set(seen.values_list("pk", flat=True))
    return found


def _plan(plan: Plan, found: _Found, user: Any) -> None:
    if isinstance(plan.record, Unread):
        outcome = Outcome.SKIPPED if plan.record.is_aside else Outcome.REJECTED
        plan.refuse(outcome, plan.record.reason)
        return
    values = plan.record.values
    if "entry" in values:
        place = (values["entry"]["issue"], values["entry"]["anchor"])
        _settle(plan, "entry", found.entries.get(place), values["entry"].get("url", ""))
    elif "prize" in values:
        prize = found.prizes.get(values["prize"]["slug"])
        _settle(plan, "prize", prize, values["prize"].get("website", ""))
    elif "paper" in values:
        _plan_paper(plan, found, user)
    else:
        _settle(plan, "url", None, values["url"])


def _plan_paper(plan: Plan, found: _Found, user: Any) -> None:
    assert plan.item is not None  # noqa: S101
    assert plan.item.reference is not None  # noqa: S101
    paper, reference = found.papers[plan.number], plan.item.reference
    match = paper.match or (paper.twin.match if paper.twin else None)
    pk = None
    if match and match.certainty != Certainty.UNSURE and match.paper.pk in found.visible:
        pk = match.paper.pk
        plan.reason = match.reason
    elif reference.key in found.by_key and found.by_key[reference.key][1] == reference.title:
        pk = found.by_key[reference.key][0]
        plan.reason = "it has the same citation key and title"
    if pk is None and reference.type == "address" and reference.kind != Paper.Kind.PAPER:
        _settle(plan, "url", None, reference.url)  # a page elsewhere, as far as anybody knows
        return
    if pk is None and may_import(user):
        plan.paper = paper
        plan.target = Target(title=plan.item.values.get("title") or None)
        plan.reason = "a new paper"
        return
    landing = next((each.landing_url for each in reference.identifiers), "")
    _settle(plan, "paper", pk, reference.url or landing)


def _settle(plan: Plan, kind: str, pk: int | None, address: str) -> None:
    """As what it is here, else as the address it has, which keeps what it stands for."""
    assert plan.item is not None  # noqa: S101
    values = plan.item.values
    title = values.get("title") or None
    if pk is not None:
        plan.target = Target(title=title, **{kind: pk})  # type: ignore[arg-type]
        return
    url = clean_url(address)
    if url is None or url.startswith("mailto:"):
        named = f"“{plan.title[:_SHOWN_TITLE]}”" if plan.title else f"the {kind}"
        reason = f"{named} is not here, and has neither a DOI nor another address to stand for it"
        plan.refuse(Outcome.REJECTED, reason if kind != "url" else "it has no web address")
        return
    shown = (title or plan.title or "")[:LONGEST_TITLE]
    plan.target = Target(url=url, title=shown if shown != url else None)
    if kind != "url":
        plan.reason = f"the {kind} is not here: kept as its address"
        told = {"title": title} if title else {}
        plan.stands_for = {"url": url, "target": {kind: values[kind], **told}}


def _mark_twins(plans: Sequence[Plan], draft: Draft, into: ReadingList | None) -> None:
    """What stands on the list already; in files that are not ours, also what comes twice."""
    standing = [plan for plan in plans if plan.target is not None and plan.paper is None]
    there = _on(into, [plan.target for plan in standing if plan.target])
    seen: dict[Key, Plan] = {}
    for plan in plans:
        if plan.outcome != Outcome.CREATED or plan.target is None:
            continue
        twin = plan.paper.twin if plan.paper else None
        key = _key(plan, twin)
        if key in there:
            plan.refuse(Outcome.DUPLICATE, "it stands on this list already; its notes are left out")
        elif key in seen and not draft.is_exact:
            plan.refuse(Outcome.DUPLICATE, f"the same as the one in line {seen[key].line}")
        else:
            seen[key] = plan


def _key(plan: Plan, twin: PaperPlan | None) -> Key:
    if plan.paper is not None:
        return "new paper", (twin or plan.paper).number
    assert plan.target is not None  # noqa: S101
    return key_of(plan.target)


def _on(into: ReadingList | None, targets: Iterable[Target]) -> dict[Key, Any]:
    return already_on(into, targets) if into is not None else {}
