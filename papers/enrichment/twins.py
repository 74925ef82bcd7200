"""Identifiers that a service names for a paper: added, unless another paper has them."""

from papers.enrichment.hosts import SERVICES
from papers.enrichment.records import Record
from papers.identifiers import Identifier as Identity
from papers.models import Identifier, Paper
from papers.signals import same_work_found


def add_identifiers(paper: Paper, record: Record) -> tuple[list[Identity], list[str]]:
    """The identifiers added; and, in words, those by which another paper may be the same work."""
    added, evidence = [], []
    for identity in record.identifiers:
        row = (
            Identifier.objects.filter(scheme=identity.scheme, value=identity.value)
            .select_related("paper")
            .first()
        )
        if row is None:
            Identifier.objects.create(paper=paper, scheme=identity.scheme, value=identity.value)
            added.append(identity)
            continue
        other = _standing(row.paper)
        if other.pk != paper.pk:
            label = SERVICES[record.service].label
            words = f"{label} names {identity} for {record.asked}"
            same_work_found.send(sender=Paper, paper=paper, other=other, evidence=words)
            evidence.append(f"{identity} is paper {other.pk}, “{other.title}”: the same work?")
    return added, evidence


def _standing(paper: Paper) -> Paper:
    while paper.merged_into is not None:
        paper = paper.merged_into
    return paper
