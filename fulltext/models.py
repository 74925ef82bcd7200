"""The index. Its rows are derived: `rebuild_search` makes them anew from what is registered."""

from django.db import models

from fulltext.columns import CodePointField, TokensField


class Document(models.Model):
    """What the index holds of one thing.

    SQLite keeps the table `fulltext_index` in step with it by triggers, under the negative of its
    number; PostgreSQL has an index on `tokens`. A later migration that makes SQLite rebuild this
    table has to make the triggers again.
    """

    # The kind's number and, below it, the thing's own number (`fulltext.numbering`).
    id = models.BigIntegerField(primary_key=True)
    digest = models.BigIntegerField()
    levels = models.TextField()  # of the words that say something of it
    tokens = TokensField()
    mentioned = models.TextField(db_default="", default="")  # the others, in the same form

    def __str__(self) -> str:
        return str(self.id)


class NumberedKey(models.Model):
    """A number for a thing whose own key is none."""

    id = models.BigAutoField(primary_key=True)
    kind = models.PositiveSmallIntegerField()
    key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="fulltext_numberedkey_once")
        ]

    def __str__(self) -> str:
        return str(self.key)


class Term(models.Model):
    """A word that stands in documents; what is near a misspelt one is found by its parts.

    A word may have more than one row: two transactions that bring the same new word must not wait
    for each other. `documents` says in how many it stood when that was last counted.
    """

    word = CodePointField(max_length=64)
    stem = CodePointField(max_length=64)
    documents = models.PositiveIntegerField(default=1)
    in_titles = models.PositiveIntegerField(default=0, help_text="as title or author")
    # None for words that are never suggested: only words of titles and authors are.
    head = CodePointField(max_length=32, null=True)
    tail = CodePointField(max_length=32, null=True)
    sound = CodePointField(max_length=64, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["word"], name="fulltext_term_word"),
            models.Index(fields=["stem"], name="fulltext_term_stem"),
            models.Index(fields=["head"], name="fulltext_term_head"),
            models.Index(fields=["tail"], name="fulltext_term_tail"),
            models.Index(fields=["sound"], name="fulltext_term_sound"),
        ]

    def __str__(self) -> str:
        return self.word
