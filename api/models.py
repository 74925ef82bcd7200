"""Tables of the API's plumbing: what changed, what was answered before, who asks how often."""

from django.db import models


class Change(models.Model):
    """One thing created, updated or deleted, written in the transaction that did it.

    Readers are served rows only up to the oldest transaction still in flight: `transaction` is
    PostgreSQL's 64-bit transaction id, counted on from a former server's; SQLite has one writer at
    a time and leaves it empty.

    What somebody may no longer see reaches them as a deletion, but never what they could not see
    before either: `is_open` says that everybody saw the thing before the change or sees it after,
    `reader` that the change concerns one account alone.
    """

    class Verb(models.TextChoices):
        CREATED = "created"
        UPDATED = "updated"
        DELETED = "deleted"

    seq = models.BigAutoField(primary_key=True)
    transaction = models.BigIntegerField(null=True, db_index=True, editable=False)
    kind = models.CharField(max_length=20, help_text="API resource, such as paper")
    key = models.CharField(max_length=40, help_text="its id there")
    verb = models.CharField(max_length=8, choices=Verb)
    is_open = models.BooleanField(default=True, db_default=True)
    # Not a foreign key: accounts stand above the API's plumbing.
    reader = models.BigIntegerField(null=True, help_text="the account it is told to alone")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["kind", "key"], name="api_change_thing")]

    def __str__(self) -> str:
        return f"{self.seq}: {self.kind} {self.key} {self.verb}"


class FormerServer(models.Model):
    """A PostgreSQL server that this data came from, restored from its dump: what was written here
    is numbered above all that was written there, though this server's own ids began anew."""

    last_transaction = models.BigIntegerField(help_text="the highest that a change was written in")
    left_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"until {self.last_transaction}"


class IdempotentAnswer(models.Model):
    """The answer a POST with an Idempotency-Key got, replayed when the key comes again."""

    # The account, or a hash of the anonymous caller: a key is private to who sent it.
    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, help_text="empty while still at work")
    headers = models.JSONField(default=dict)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["caller", "key"], name="api_idempotentanswer_key_once_a_caller"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.status or 'at work'}"


class RateCount(models.Model):
    """How many requests a caller made in one window; counted here when no Valkey is there."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
