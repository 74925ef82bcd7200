"""Merging and splitting, each in one transaction."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from api.changes import record
from api.models import Change
from curation.journal import Journal, take_back
from papers.merging.parts import move_all, private_models, tell_all
from papers.merging.values import TAKEABLE, settle
from papers.models import DuplicateSuggestion, Merge, Paper

# Merges made since on the same papers are undone and made again around a split.
MOST_SINCE = 100


class CannotMerge(Exception):
    """Why these two papers cannot be made one."""


class CannotSplit(Exception):
    """Why a merge cannot be taken back now."""


@dataclass(frozen=True, slots=True)
class Split:
    merge: Merge
    stayed: list[str]


def merge(duplicate: Paper, into: Paper, *, by: Any = None, taken: Collection[str] = ()) -> Merge:
    """Make one work of two papers; `into` stays, with the `taken` values of the duplicate."""
    if unknown := set(taken) - TAKEABLE.keys():
        raise CannotMerge(f"A paper has no {', '.join(sorted(unknown))} to take.")
    with transaction.atomic():
        _require_standing(_locked(duplicate.pk, into.pk), duplicate.pk, into.pk)
        made = Merge.objects.create(
            duplicate_id=duplicate.pk, into_id=into.pk, by=by, taken=sorted(set(taken))
        )
        _apply(made)
    return made


def split(merge: Merge, *, by: Any = None) -> Split:
    """Give both papers back what was theirs; what was edited since stays as it is, and is named.

    Later merges on the same papers stand on this one: they are taken back first and made again.
    """
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        if merge.split_at is not None:
            raise CannotSplit("This merge was split already.")
        since = _made_since(merge)
        _locked(*{pk for each in (merge, *since) for pk in (each.duplicate_id, each.into_id)})
        for each in reversed(since):
            _take_back(each, by)
        stayed = _take_back(merge, by)
        merge.split_at, merge.split_by = timezone.now(), by
        merge.stayed = stayed
        merge.save(update_fields=["split_at", "split_by", "stayed"])
        for each in since:
            _apply(each)
    return Split(merge, stayed)


def _locked(*ids: int) -> dict[int, Paper]:
    """The papers as they are now; nobody else changes them until this is done."""
    return {paper.pk: paper for paper in _in_order(ids)}


def _in_order(ids: Collection[int]):
    return Paper.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))


def _require_standing(papers: dict[int, Paper], duplicate: int, into: int) -> None:
    if duplicate == into:
        raise CannotMerge("A paper cannot be merged into itself.")
    for pk in (duplicate, into):
        if pk not in papers:
            raise CannotMerge(f"Paper {pk} is no longer there.")
        if papers[pk].merged_into_id is not None:
            raise CannotMerge(f"“{papers[pk]}” was merged into another paper already.")


def _apply(merge: Merge) -> None:
    papers = _locked(merge.duplicate_id, merge.into_id)
    duplicate, into = papers[merge.duplicate_id], papers[merge.into_id]
    # Each row's history says it; the numbers say which papers, whatever they are called later.
    journal = Journal(f"merge {merge.pk}: {duplicate.pk} into {into.pk}", merge.by)
    move_all(duplicate, into, journal)
    settle(duplicate, into, merge.taken, journal)
    journal.change([duplicate], merged_into_id=into.pk, updated_at=timezone.now())
    merge.journal = journal.entries
    merge.save(update_fields=["journal"])
    tell_all(merge.journal)
    record("paper", [duplicate.pk], Change.Verb.DELETED)
    record("paper", [into.pk], Change.Verb.UPDATED)


def _take_back(merge: Merge, by: Any) -> list[str]:
    reason = f"split of merge {merge.pk}"
    stayed = take_back(merge.journal, reason, by, nameless=private_models())
    tell_all(merge.journal)
    record("paper", [merge.duplicate_id], Change.Verb.CREATED)
    record("paper", [merge.into_id], Change.Verb.UPDATED)
    return stayed


def _made_since(merge: Merge) -> list[Merge]:
    """Standing merges that stand on this one, in the order in which they were made."""
    touched = _touched([merge])
    found: dict[int, Merge] = {}
    later = Merge.objects.standing().filter(pk__gt=merge.pk)
    while True:
        on_these = later.filter(Q(into__in=touched) | Q(duplicate__in=touched))
        new = list(on_these.exclude(pk__in=found).order_by("pk")[: MOST_SINCE + 1])
        if len(found) + len(new) > MOST_SINCE:
            raise CannotSplit(
                f"More than {MOST_SINCE} merges stand on this one: split the latest of them first."
            )
        if not new:
            return [found[pk] for pk in sorted(found)]
        found |= {each.pk: each for each in new}
        touched |= _touched(new)


def _touched(merges: Collection[Merge]) -> set[int]:
    """Papers of which no later merge may be left standing while these are taken back: those that
    stay, and whatever is compared with either paper, since two merges may have moved one
    comparison, or one of them to where the other's has to go back."""
    moved = [pk for each in merges for pk in _suggestions(each)]
    duplicates = [each.duplicate_id for each in merges]
    about = Q(pk__in=moved) | Q(paper__in=duplicates) | Q(other__in=duplicates)
    pairs = DuplicateSuggestion.objects.filter(about).values_list("paper", "other")
    return {each.into_id for each in merges}.union(*pairs)


def _suggestions(merge: Merge) -> Iterator[int]:
    label = DuplicateSuggestion._meta.label_lower
    return chain.from_iterable(e["ids"] for e in merge.journal if e["model"] == label)
