"""The trace every import leaves: nothing read is lost, and a run can be taken back."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user) -> Self:
        """One's own; those who look after imports see all that are about the catalogue. Lists, and
        what files say in them, are nobody's but their importers'."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("imports.view_importrun"):
            return self.filter(~models.Q(kind=ImportRun.Kind.LIST) | models.Q(started_by=user))
        return self.filter(started_by=user)


class ImportRun(models.Model):
    """One run of an import command or form over one or more sources."""

    class Kind(models.TextChoices):
        NEWSLETTER = "newsletter"
        PAPERS = "papers"
        DEADLINES = "deadlines"
        LIST = "list", "reading list"

    class State(models.TextChoices):
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"
        UNDONE = "undone", "taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    source = models.TextField(help_text="file names as given, or what was pasted")
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict, help_text="rows by outcome")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    # A run that stopped telling us it is alive does not block the next one.
    alive_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(state="running"),
                name="imports_importrun_one_running_of_a_kind",
                violation_error_message="Another import of this kind is running.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} import of {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def counted(self) -> list[tuple[str, int]]:
        """Outcomes that came about, always in one order, and how many rows each has."""
        counts = [(str(name), self.counts.get(name, 0)) for name in ImportRow.Outcome.values]
        return [(name, count) for name, count in counts if count]


class ImportRow(models.Model):
    """One line or record of a run: what became of it, why, and the bytes as they came."""

    class Outcome(models.TextChoices):
        CREATED = "created"
        UPDATED = "updated"
        UNCHANGED = "unchanged"
        DUPLICATE = "duplicate"
        SKIPPED = "skipped"
        REJECTED = "rejected"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    source = models.TextField(blank=True, help_text="file name")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(blank=True)
    warnings = models.JSONField(default=list, blank=True)
    # Kept whole up to the line limit; of a longer line its first 2 kB and its hash.
    raw = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    kind = models.CharField(max_length=20, blank=True, help_text="what it became, such as issue")
    key = models.CharField(max_length=40, blank=True, help_text="its id")
    # What undo needs: the rows this record made, and the ones it changed as they were before.
    effect = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["run", "source", "line", "pk"]
        indexes = [
            models.Index(fields=["run", "outcome"], name="imports_row_outcome"),
            models.Index(fields=["kind", "key"], name="imports_row_thing"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.outcome}"
