"""Writes a draft as a list, or into one: in one transaction, so that nothing is half imported."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from imports.jsonl import digest_of
from imports.models import ImportRow, ImportRun
from markup.text import clean_line
from papers.importing.writing import Writer
from papers.models import Topic
from readinglists.editing.filling import Filling, fill
from readinglists.editing.lists import make_list
from readinglists.editing.writing import Refused, locked, rendered
from readinglists.importing.drafts import Draft, DraftItem
from readinglists.importing.planning import Outcome, Plan, plan_draft
from readinglists.models import Audience, Item, ListSection, Note, ReadingList
from readinglists.rights import standing_of

IMPORT = "import"
UNTITLED = "Imported list"


@dataclass(slots=True)
class Imported:
    """What came of it, or would (then without a run)."""

    draft: Draft
    plans: list[Plan]
    run: ImportRun | None = None
    reading_list: ReadingList | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.counts.update(str(plan.outcome) for plan in self.plans)


def look(
    draft: Draft, user: Any, into: ReadingList | None = None, leave_out: Collection[int] = ()
) -> Imported:
    """What an import would do; nothing is written for it."""
    return Imported(draft, _planned(draft, user, into, leave_out))


def import_draft(
    draft: Draft,
    user: Any,
    *,
    name: str,
    title: str = "",
    into: ReadingList | None = None,
    leave_out: Collection[int] = (),
) -> Imported:
    """As a new, private list, or behind what stands on one that the user may edit."""
    done = Imported(draft, _planned(draft, user, into, leave_out))
    writing = _Writing(done, user, name)
    try:
        with transaction.atomic():
            writing.write(title, into)
    except IntegrityError as error:
        raise Refused("Somebody filed one of these at the same moment. Import it again.") from error
    return done


def _planned(
    draft: Draft, user: Any, into: ReadingList | None, leave_out: Collection[int]
) -> list[Plan]:
    plans = plan_draft(draft, user, into)
    for plan in plans:
        if plan.number in leave_out and plan.outcome == Outcome.CREATED:
            plan.refuse(Outcome.SKIPPED, "left out by choice")
    return plans


class _Writing:
    """One import. Texts are rendered before anything is locked."""

    def __init__(self, done: Imported, user: Any, name: str) -> None:
        self.done = done
        self.draft = done.draft
        self.user = user
        self.name = name
        self.sections = _sections(self.draft)
        self.items: dict[int, Item] = {}
        self.notes: dict[int, list[Note]] = {}
        plans = [plan for plan in done.plans if plan.outcome == Outcome.CREATED and plan.item]
        free = _free(Item, (plan.item.values.get("id") for plan in plans if plan.item))
        said = [note for plan in plans if plan.item for note in plan.item.values["notes"]]
        free_notes = _free(Note, (note.get("id") for note in said))
        for plan in plans:
            assert plan.item is not None  # noqa: S101
            item = self._item(plan, plan.item, free)
            self.items[plan.number] = item
            self.notes[plan.number] = [
                self._note(item, note, free_notes) for note in plan.item.values["notes"]
            ]

    def _item(self, plan: Plan, draft: DraftItem, free: set[UUID]) -> Item:
        assert plan.target is not None  # noqa: S101
        target = plan.target
        return Item(
            pk=_taken(draft.values.get("id"), free),
            section=None if draft.section is None else self.sections[draft.section],
            paper_id=target.paper,
            entry_id=target.entry,
            prize_id=target.prize,
            url=target.url,
            title=target.title,
            stands_for=plan.stands_for,
            is_proposed=draft.values.get("is_proposed", False),
            added_by=self.user,
        )

    def _note(self, item: Item, said: dict[str, Any], free: set[UUID]) -> Note:
        author = said.get("author", "")
        return Note(
            pk=_taken(said.get("id"), free),
            item=item,
            author=self.user,
            credit=author if author and author != str(self.user) else None,
            audience=said.get("audience", Audience.PRIVATE),
            markdown=said["markdown"],
            html=rendered(said["markdown"]),
            created_at=said.get("created_at"),
        )

    # --- In the transaction ------------------------------------------------------------------
    def write(self, title: str, into: ReadingList | None) -> None:
        run = self.done.run = ImportRun.objects.create(
            kind=ImportRun.Kind.LIST,
            state=ImportRun.State.FINISHED,
            source=self.name,
            options={"format": self.draft.form},
            started_by=self.user,
        )
        made = into or self._new_list(title)
        with locked(made.pk) as held:
            if not standing_of(held, self.user).may_edit:
                raise Refused("You may no longer edit this list.", code="not_allowed")
            rows = [*self._file_papers(run), *self._list_rows(run, held, is_new=into is None)]
            sections = self._settle_sections(held, is_new=into is None)
            items = list(self.items.values())
            notes = [note for several in self.notes.values() for note in several]
            fill(held, self.user, "imported", Filling(sections, items, notes))
            for row in rows:
                if row.kind == "list":
                    row.effect["version"] = held.version
            rows += [self._section_row(run, section) for section in sections]
        rows += [self._row(run, plan, held) for plan in self.done.plans]
        ImportRow.objects.bulk_create(rows, batch_size=500)
        run.finished_at = timezone.now()
        run.counts = dict(self.done.counts)
        run.options |= {"list": str(made.pk)}
        run.save(update_fields=["finished_at", "counts", "options"])
        self.done.reading_list = ReadingList.objects.get(pk=made.pk)

    def _new_list(self, title: str) -> ReadingList:
        head = self.draft.head
        topic = Topic.objects.filter(slug=head.get("cover_topic") or "").first()
        fields = {
            name: value for name in ("language", "notes_licence") if (value := head.get(name))
        }
        return make_list(
            self.user,
            clean_line(title)[:300] or head.get("title") or UNTITLED,
            description=head.get("description", ""),
            cover_topic=topic,
            **fields,
        )

    def _file_papers(self, run: ImportRun) -> Iterator[ImportRow]:
        """Works that nobody has filed yet, by whoever may."""
        plans = [plan for plan in self.done.plans if plan.paper and plan.number in self.items]
        provenance = {"source": IMPORT, "run": str(run.pk), "file": self.name[:200]}
        writer = Writer(f"{IMPORT} {run.pk}", provenance, self.user)
        writer.write([plan.paper for plan in plans if plan.paper])
        for plan in plans:
            assert plan.paper is not None  # noqa: S101
            assert plan.paper.paper is not None  # noqa: S101
            self.items[plan.number].paper_id = plan.paper.paper.pk
            if plan.paper.outcome == Outcome.CREATED:
                row = self._bare_row(run, plan.line, "paper", plan.paper.paper.pk)
                row.effect = writer.effect_of(plan.paper)
                yield row

    def _settle_sections(self, held: ReadingList, *, is_new: bool) -> list[ListSection]:
        """New ones; what comes into a list goes into a section of the same title, if it has one."""
        if is_new:
            return self.sections
        rows = ListSection.objects.filter(reading_list=held, deleted_at=None)
        there = {section.title: section for section in rows.order_by("-position")}
        for item in self.items.values():
            if item.section is not None and item.section.title in there:
                item.section = there[item.section.title]
        used = {item.section.pk for item in self.items.values() if item.section is not None}
        return [section for section in self.sections if section.pk in used]

    # --- The trace ---------------------------------------------------------------------------
    def _list_rows(self, run: ImportRun, held: ReadingList, *, is_new: bool) -> Iterator[ImportRow]:
        if is_new:
            row = self._bare_row(run, 0, "list", held.pk)
            row.reason = f"the list “{held.title}”"
            yield row

    def _section_row(self, run: ImportRun, section: ListSection) -> ImportRow:
        row = self._bare_row(run, 0, "list section", section.pk)
        row.reason = f"the section “{section.title}”"
        return row

    def _bare_row(self, run: ImportRun, line: int, kind: str, key: object) -> ImportRow:
        return ImportRow(
            run=run, source=self.name, line=line, outcome=Outcome.CREATED, kind=kind, key=str(key)
        )

    def _row(self, run: ImportRun, plan: Plan, held: ReadingList) -> ImportRow:
        raw = plan.record.raw.encode(errors="surrogatepass")
        item = self.items.get(plan.number)
        row = ImportRow(
            run=run,
            source=self.name,
            line=plan.line,
            outcome=plan.outcome,
            reason=plan.reason,
            warnings=plan.warnings,
            raw=raw,
            sha256=digest_of(raw),
        )
        if item is not None:
            row.kind, row.key = "list item", str(item.pk)
            notes = [str(note.pk) for note in self.notes[plan.number]]
            row.effect = {"list": str(held.pk), "notes": notes}
        return row


def _sections(draft: Draft) -> list[ListSection]:
    ids = [UUID(section.id) if section.id else None for section in draft.sections]
    free = _free(ListSection, ids)
    return [
        ListSection(
            pk=_taken(pk, free),
            title=section.title,
            prose=section.prose,
            prose_html=rendered(section.prose),
        )
        for pk, section in zip(ids, draft.sections, strict=True)
    ]


def _free(model: type[Model], ids: Any) -> set[UUID]:
    """Of the ids a file gives, those that nothing has here: they are kept."""
    wanted = {pk for pk in ids if pk is not None}
    ordered: Sequence[UUID] = sorted(wanted)
    for start in range(0, len(ordered), 500):
        there = model._base_manager.filter(pk__in=ordered[start : start + 500])
        wanted -= set(there.values_list("pk", flat=True))
    return wanted


def _taken(pk: UUID | None, free: set[UUID]) -> UUID:
    """Each is given once, though a file may say it twice."""
    if pk is None or pk not in free:
        return uuid4()
    free.discard(pk)
    return pk
