"""Writes a batch of plans: new papers and what references add to old ones, in bulk.

What each record did is kept in its row, so that it can be taken back by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from api.changes import record
from api.models import Change
from imports.effects import Effect
from papers.citation_keys import family_name
from papers.duplicates import look_again
from papers.importing.keys import Keys
from papers.importing.planning import Outcome, Plan
from papers.models import Author, Authorship, CitationKeyAlias, Identifier, Paper, Topic
from papers.references import Name, Reference
from papers.signals import paper_wants_completion, same_work_found

EDITORS_NOTE = "Editor’s note: "
_COMPLETED_BY = frozenset({"arxiv", "doi", "openreview"})


class Writer:
    """One batch, in the transaction of whoever calls it."""

    def __init__(self, reason: str, provenance: dict[str, Any], user: Any = None) -> None:
        self.reason = reason
        self.provenance = provenance
        self.user = user
        self.effect = Effect(reason)
        self.created: dict[int, dict[str, list[Any]]] = {}  # by the plan's number

    def write(self, plans: Sequence[Plan]) -> None:
        new = [plan for plan in plans if plan.outcome == Outcome.CREATED and plan.reference]
        old = [plan for plan in plans if plan.outcome == Outcome.UPDATED and plan.reference]
        for plan in plans:
            if plan.match and plan.outcome in (Outcome.UPDATED, Outcome.UNCHANGED):
                plan.paper = plan.match.paper
        self._create_papers(new)
        self._change_papers(old)
        self._add_identifiers([*new, *old])
        self._add_authors([*new, *(plan for plan in old if plan.takes_authors)])
        self._file_topics(new)
        for plan in plans:
            if plan.twin is not None:
                plan.paper = plan.twin.paper
        record("paper", [plan.paper.pk for plan in new if plan.paper], Change.Verb.CREATED)
        record("paper", [plan.paper.pk for plan in old if plan.paper], Change.Verb.UPDATED)
        self._tell([*new, *old])

    def effect_of(self, plan: Plan) -> dict[str, Any]:
        """What its row keeps: what undo needs, and the notes for lists to come."""
        effect = Effect(self.reason).as_json()
        effect["created"] = self.created.get(plan.number, {})
        if plan.outcome not in (Outcome.CREATED, Outcome.UPDATED):
            effect["undone"] = True  # nothing was done that could be taken back
        if plan.paper is not None:
            effect["id"] = plan.paper.citation_key
            label = Paper._meta.label_lower
            if plan.outcome == Outcome.UPDATED:
                changed = self.effect.changed.get(label, {}).get(plan.paper.pk)
                effect["before"] = {label: {str(plan.paper.pk): changed[1]}} if changed else {}
        if plan.reference is not None and plan.reference.notes:
            effect["notes"] = list(plan.reference.notes)
        return effect

    # --- Papers ------------------------------------------------------------------------------
    def _create_papers(self, plans: Sequence[Plan]) -> None:
        keys = Keys([plan.reference for plan in plans if plan.reference])
        aliases = []
        for plan in plans:
            assert plan.reference is not None  # noqa: S101
            key, alias = keys.give(plan.reference)
            plan.paper = self._new_paper(plan, plan.reference, key)
            if alias:
                aliases.append(CitationKeyAlias(paper=plan.paper, key=alias))
        self._save([plan.paper for plan in plans if plan.paper], dict(_owners(plans)))
        for each in aliases:
            each.paper_id = each.paper.pk
        CitationKeyAlias.objects.bulk_create(aliases)

    def _new_paper(self, plan: Plan, reference: Reference, key: str) -> Paper:
        date = reference.published
        year, month, day = date.parts if date else (None, None, None)
        url, pdf_url = _addresses(reference, plan.identifiers)
        values = {
            "title": reference.title,
            "published_year": year,
            "published_month": month,
            "published_day": day,
            "venue": reference.venue or None,
            "abstract": reference.abstract or None,
            "url": url or None,
            "pdf_url": pdf_url or None,
            "code_url": reference.code_url or None,
        }
        return Paper(
            **values,
            kind=reference.kind,
            title_source=_title_source(reference),
            alternative_titles=list(reference.alternative_titles),
            citation_key=key,
            sources=self._sources(plan, [name for name, value in values.items() if value])
            | _leftovers(reference),
            needs_review=bool(plan.review_note),
            review_note=plan.review_note or None,
            editor_note=_editors_note(reference),
        )

    def _change_papers(self, plans: Sequence[Plan]) -> None:
        for plan in plans:
            paper = plan.paper
            assert paper is not None  # noqa: S101
            names = [*plan.values, *(["authors"] if plan.takes_authors else [])]
            if names:
                sources = paper.sources | self._sources(plan, names, paper.sources)
                self.effect.change(paper, **plan.values, sources=sources)
        self.effect.save_changes(Paper)

    def _sources(
        self, plan: Plan, names: Iterable[str], before: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Where each value is from, beside what services have noted of theirs."""
        noted = dict.fromkeys(map(told_as, names), self.provenance | {"line": plan.line})
        return {"fields": (before or {}).get("fields", {}) | noted}

    # --- What belongs to them ----------------------------------------------------------------
    def _add_identifiers(self, plans: Sequence[Plan]) -> None:
        owners: dict[int, Plan] = {}
        rows = []
        for plan in plans:
            for each in plan.identifiers:
                row = Identifier(paper=plan.paper, scheme=each.scheme, value=each.value)
                owners[id(row)] = plan
                rows.append(row)
        self._save(rows, owners)

    def _add_authors(self, plans: Sequence[Plan]) -> None:
        names = [(plan, name) for plan in plans for name in _authors(plan)]
        authors = self._authors(names)
        owners: dict[int, Plan] = {}
        rows = []
        places: dict[int, int] = {}
        for plan, name in names:
            place = places[plan.number] = places.get(plan.number, -1) + 1
            printed = name.printed
            row = Authorship(
                paper=plan.paper,
                position=place,
                name_as_printed=printed,
                author=authors.get(name.orcid or printed),
            )
            owners[id(row)] = plan
            rows.append(row)
        self._save(rows, owners)

    def _authors(self, names: Sequence[tuple[Plan, Name]]) -> dict[str, Author]:
        """People by ORCID, else by name; those not met before are filed."""
        orcids = {name.orcid for _, name in names if name.orcid}
        printed = {name.printed for _, name in names if not name.orcid}
        found: dict[str, Author] = {
            author.orcid or "": author for author in Author.objects.filter(orcid__in=orcids)
        }
        nameless = Author.objects.filter(orcid=None, name__in=printed)
        found |= {author.name: author for author in nameless}
        owners: dict[int, Plan] = {}
        new: dict[str, Author] = {}
        for plan, name in names:
            key = name.orcid or name.printed
            if key not in found and key not in new and family_name(name.printed):
                new[key] = Author(name=name.printed, orcid=name.orcid)
                owners[id(new[key])] = plan
        self._save(list(new.values()), owners)
        return found | new

    def _file_topics(self, plans: Sequence[Plan]) -> None:
        if not any(plan.reference and plan.reference.keywords for plan in plans):
            return
        topics: dict[str, int] = {}
        for pk, slug, name in Topic.objects.values_list("pk", "slug", "name"):
            topics |= {slug.casefold(): pk, name.casefold(): pk}
        through = Paper.topics.through
        rows = []
        for plan in plans:
            keywords = plan.reference.keywords if plan.reference else ()
            wanted = {topics.get(keyword.casefold()) for keyword in keywords} - {None}
            rows += [through(paper=plan.paper, topic_id=topic) for topic in sorted(wanted, key=str)]
        through.objects.bulk_create(rows)

    def _save(self, rows: Sequence[models.Model | None], owners: dict[int, Plan]) -> None:
        """Rows of one model, with their history, each noted for the record it came from."""
        kept = [row for row in rows if row is not None]
        if not kept:
            return
        model = type(kept[0])
        model._default_manager.bulk_create(kept, batch_size=500)
        if history := getattr(model, "history", None):
            history.bulk_history_create(
                kept,
                batch_size=500,
                default_user=self.user,
                default_change_reason=self.reason,
            )
        for row in kept:
            made = self.created.setdefault(owners[id(row)].number, {})
            made.setdefault(model._meta.label_lower, []).append(row.pk)

    # --- Who is told -------------------------------------------------------------------------
    def _tell(self, plans: Sequence[Plan]) -> None:
        wanting = [plan.paper.pk for plan in plans if plan.paper and _wants_completion(plan)]
        if wanting:
            paper_wants_completion.send(sender=Paper, papers=wanting)
        look_again(plan.paper.pk for plan in plans if plan.paper and _has_new_title(plan))
        for plan in plans:
            if plan.match is None or plan.paper is None:
                continue
            for other in plan.match.others:
                same_work_found.send(
                    sender=Paper, paper=plan.paper, other=other, evidence=plan.match.reason
                )


def _owners(plans: Iterable[Plan]) -> Iterable[tuple[int, Plan]]:
    for plan in plans:
        yield id(plan.paper), plan


def _authors(plan: Plan) -> tuple[Name, ...]:
    return plan.reference.authors if plan.reference else ()


def _has_new_title(plan: Plan) -> bool:
    return plan.outcome == Outcome.CREATED or "title" in plan.values


def _wants_completion(plan: Plan) -> bool:
    reference = plan.reference
    if plan.outcome != Outcome.CREATED or reference is None:
        return False
    is_bare = reference.title_is_provisional or not reference.authors
    return is_bare and any(each.scheme in _COMPLETED_BY for each in reference.identifiers)


def _title_source(reference: Reference) -> str:
    if reference.title_is_provisional:
        return Paper.TitleSource.LINK_TEXT
    return reference.title_source or Paper.TitleSource.OFFICIAL


def told_as(column: str) -> str:
    return "published" if column.startswith("published_") else column


def _editors_note(reference: Reference) -> str | None:
    """What our own exports mark as the editor's; any other note may be private."""
    marked = (note for note in reference.notes if note.startswith(EDITORS_NOTE))
    return next((note.removeprefix(EDITORS_NOTE) for note in marked), None)


def _addresses(reference: Reference, identifiers: Sequence[Any]) -> tuple[str, str]:
    """Landing page and PDF: as the file gives them, else as the identifiers do."""
    names = [*reference.identifiers] or [*identifiers]
    url = reference.url or next((each.landing_url for each in names), "")
    pdf = reference.pdf_url or next((each.pdf_url for each in names if each.pdf_url), "")
    return url, pdf


def _leftovers(reference: Reference) -> dict[str, Any]:
    """What we have no column for: details in CSL's names, keywords that may be no topics of ours,
    and notes, which are shown to nobody but go out again with a maintainer's export."""
    kept: dict[str, Any] = {}
    if reference.details:
        kept["csl"] = dict(reference.details)
    if reference.keywords:
        kept["keywords"] = list(reference.keywords)
    notes = [note for note in reference.notes if not note.startswith(EDITORS_NOTE)]
    if notes:
        kept["reference_notes"] = notes
    return kept
