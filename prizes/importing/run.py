"""A run over files of deadlines: what each call becomes, row by row; or a look at that.

Nothing that was imported is published by itself: a new prize stays hidden until a maintainer has
looked at it, unless the run was told that its source needs no review.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import Error, transaction
from django.utils import timezone

from imports import runs
from imports.jsonl import digest_of
from imports.models import ImportRow, ImportRun
from markup.slugs import slugify
from prizes.importing.calls import Call, CallDate
from prizes.importing.catalogue import Catalogue, Known, date_key, statement_key
from prizes.importing.sources import DeadlineFile, UnreadableFile
from prizes.models import Announcement, Deadline, Precision, Prize
from prizes.register import free_slug
from prizes.retelling import retell

Outcome = ImportRow.Outcome
# What was moved was announced before it was moved, if only by so much.
BEFORE = timedelta(seconds=1)


class ImportFailed(Exception):
    """The run could not be made, or not to its end; what it had committed stays."""


@dataclass(slots=True)
class Judged:
    """What becomes of one call, and why."""

    call: Call
    outcome: str
    reason: str = ""
    prize: Prize | None = None
    effect: dict[str, Any] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        return [f"line {each.line}: {each.reason}" for each in self.call.troubles]


@dataclass(slots=True)
class Result:
    run: ImportRun | None = None
    counts: Counter[str] = field(default_factory=Counter)
    rows: list[Judged] = field(default_factory=list)


Watch = Callable[[DeadlineFile, Judged], None]


def import_deadlines(
    files: Sequence[DeadlineFile],
    *,
    dry_run: bool = False,
    publish: bool = False,
    started_by: Any = None,
    watch: Watch = lambda file, judged: None,
) -> Result:
    """Import files, each call in a savepoint; with `dry_run` all is done and taken back."""
    name = "\n".join(file.name for file in files)
    if dry_run:
        with transaction.atomic():
            run = runs.rehearse("deadlines", name, {})
            result = _Importer(run, publish, watch).take_all(files)
            transaction.set_rollback(True)
        result.run = None
        return result
    run = runs.begin("deadlines", name, {"publish": publish}, started_by=started_by)
    importer = _Importer(run, publish, watch)
    try:
        result = importer.take_all(files)
    except BaseException as error:
        with suppress(Error):
            runs.fail(run, importer.result.counts, f"{type(error).__name__}: {error}")
        if isinstance(error, Error | runs.RunLost | UnreadableFile):
            raise ImportFailed(str(error)) from error
        raise
    runs.finish(run, result.counts)
    return result


class _Importer:
    def __init__(self, run: ImportRun, publish: bool, watch: Watch) -> None:
        self.run = run
        self.publish = publish
        self.watch = watch
        self.result = Result(run)
        self.catalogue = Catalogue()

    def take_all(self, files: Iterable[DeadlineFile]) -> Result:
        for file in files:
            seen: Counter[str] = Counter()
            for call in file.calls():
                seen[call.key] += 1
                if seen[call.key] > 1:  # a second call under one key is another call
                    call.key = f"{call.key}|{seen[call.key]}"
                with transaction.atomic():
                    runs.keep_alive(self.run)
                    judged = self._take(file, call)
                    self._note(file, judged)
                self.result.counts[judged.outcome] += 1
                self.result.rows.append(judged)
                self.watch(file, judged)
        return self.result

    def _take(self, file: DeadlineFile, call: Call) -> Judged:
        if not call.name or len(call.name) > 300:
            return Judged(call, Outcome.REJECTED, _reasons(call))
        if not call.dates:
            reason = _reasons(call) or "has no date"
            return Judged(call, Outcome.REJECTED, reason)
        known = self.catalogue.find(file.teller, call)
        # By what they state: an "extension" to the day that stood already says nothing more.
        stated = {
            statement_key(file.teller, call, date): date
            for each in call.dates
            for date in _told(each)
        }
        added = [d for key, d in stated.items() if key not in self.catalogue.statements]
        if known.match == "same" and not added:
            return Judged(call, Outcome.UNCHANGED, prize=known.prize)
        return self._write(file, call, known, added)

    def _write(
        self, file: DeadlineFile, call: Call, known: Known, added: Sequence[CallDate]
    ) -> Judged:
        made: dict[str, list[Any]] = {}
        prize = known.prize if known.match == "same" else None
        outcome, reason = Outcome.UPDATED, ""
        if prize is None:
            prize = self._make_prize(call, known)
            made["prizes.prize"] = [prize.pk]
            outcome = Outcome.CREATED
            if known.match == "alike":
                reason = f"looks like “{known.prize}”: to be reviewed"
        for date in added:
            deadline = self._deadline(file, call, date, prize, made)
            announcement = _announce(file, call, date, deadline)
            made.setdefault("prizes.announcement", []).append(str(announcement.pk))
            self.catalogue.statements.add(announcement.pk)
        retell(prize)
        effect = {"created": made, "at": timezone.now().isoformat(), "id": prize.slug}
        return Judged(call, outcome, reason, prize, effect)

    def _make_prize(self, call: Call, known: Known) -> Prize:
        doubts = [f"looks like “{known.prize}”"] if known.match == "alike" else []
        doubts += [each.reason for each in call.troubles]
        prize = Prize.objects.create(
            slug=free_slug(slugify(call.name)),
            name=call.name,
            kind=Prize.Kind.CALL,
            website=call.website,
            description=call.description,
            organiser=call.organiser,
            is_hidden=not self.publish,
            needs_review=not self.publish or bool(doubts),
            review_note="; ".join(["imported", *doubts])[:2000],
        )
        self.catalogue.learn(prize)
        return prize

    def _deadline(
        self, file: DeadlineFile, call: Call, date: CallDate, prize: Prize, made: dict[str, Any]
    ) -> Deadline:
        key = date_key(file.teller, call, date)
        known = Deadline.objects.filter(pk=key).first() or _same_date(prize, date)
        if known is not None:
            return known
        made.setdefault("prizes.deadline", []).append(str(key))
        self.catalogue.deadlines[key] = prize.pk
        return Deadline.objects.create(
            id=key,
            prize=prize,
            kind=date.kind,
            label=date.label,
            date=date.date,
            time=date.time,
            timezone=date.timezone,
            precision=date.precision,
        )

    def _note(self, file: DeadlineFile, judged: Judged) -> None:
        prize = judged.prize
        ImportRow.objects.create(
            run=self.run,
            source=file.name,
            line=judged.call.line,
            outcome=judged.outcome,
            reason=judged.reason,
            warnings=judged.warnings,
            raw=judged.call.raw,
            sha256=digest_of(judged.call.raw),
            kind="prize" if prize and judged.effect else "",
            key=str(prize.pk) if prize and judged.effect else "",
            effect=judged.effect,
        )


def _told(date: CallDate) -> list[CallDate]:
    """What was said of a date, in order: as it was, then as it was moved to."""
    return [date.moved_from, date] if date.moved_from else [date]


def _same_date(prize: Prize, date: CallDate) -> Deadline | None:
    """A date of the prize that others told of: of this kind, if it has just one, or this name."""
    of_kind = list(prize.deadlines.filter(kind=date.kind, withdrawn_at=None))
    named = [each for each in of_kind if each.label.casefold() == date.label.casefold()]
    if named:
        return named[0]
    return of_kind[0] if len(of_kind) == 1 and not date.label else None


def _announce(file: DeadlineFile, call: Call, date: CallDate, deadline: Deadline) -> Announcement:
    now = datetime.now(UTC)
    is_former = any(each.moved_from is date for each in call.dates)
    change = Announcement.Change.CANCELLED if date.is_cancelled else Announcement.Change.ANNOUNCED
    # Who calls off a date that stood keeps it; where none stood, none is known.
    called_off = _standing(file, deadline) if date.is_cancelled else None
    announcement = Announcement(
        id=statement_key(file.teller, call, date),
        prize=deadline.prize,
        deadline=deadline,
        change=change,
        quote=f"{file.name}, line {date.line}: {date.quote}",
        source=file.teller[:300],
        source_url=call.website,
        announced_on=now.date(),
        announced_at=now - BEFORE if is_former else now,
        supersedes=called_off,
        **({} if called_off else _as_stated(date)),
    )
    announcement.set_window()
    announcement.save(force_insert=True)
    return announcement


def _standing(file: DeadlineFile, deadline: Deadline) -> Announcement | None:
    """What this teller said last of a date."""
    own = deadline.announcements.filter(source=file.teller[:300], precision__isnull=False)
    return own.order_by("-announced_at", "-recorded_at").first()


def _as_stated(date: CallDate) -> dict[str, Any]:
    stated = date.date is not None
    return {
        "date": date.date,
        "time": date.time,
        "timezone": date.timezone,
        "precision": date.precision if stated or not date.is_cancelled else Precision.TBA,
    }


def _reasons(call: Call) -> str:
    return "; ".join(f"line {each.line}: {each.reason}" for each in call.troubles)
