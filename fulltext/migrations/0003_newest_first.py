"""SQLite reads its index forwards twice as quickly as backwards, so numbers stand in it with a
minus: the newest come first. What says little of a document gets a column of its own."""

from django.db import migrations, models

DROPPED = (
    "DROP TRIGGER IF EXISTS fulltext_document_added",
    "DROP TRIGGER IF EXISTS fulltext_document_removed",
    "DROP TRIGGER IF EXISTS fulltext_document_changed",
    "DROP TABLE IF EXISTS fulltext_index",
    "DROP VIEW IF EXISTS fulltext_newest_first",
)
MADE = (
    "CREATE VIEW fulltext_newest_first AS SELECT -id AS place, tokens FROM fulltext_document",
    # The tokenizer only splits: tokens come folded, and hold no other ASCII punctuation.
    """
    CREATE VIRTUAL TABLE fulltext_index USING fts5(
        tokens, content='fulltext_newest_first', content_rowid='place', columnsize=0,
        tokenize="ascii tokenchars '|:^=@#~'"
    )
    """,
    # Small pages: a search for a frequent word and a rare one skips most of them.
    "INSERT INTO fulltext_index(fulltext_index, rank) VALUES ('pgsz', 1000)",
    """
    CREATE TRIGGER fulltext_document_added AFTER INSERT ON fulltext_document BEGIN
        INSERT INTO fulltext_index(rowid, tokens) VALUES (-new.id, new.tokens);
    END
    """,
    """
    CREATE TRIGGER fulltext_document_removed AFTER DELETE ON fulltext_document BEGIN
        INSERT INTO fulltext_index(fulltext_index, rowid, tokens)
            VALUES ('delete', -old.id, old.tokens);
    END
    """,
    """
    CREATE TRIGGER fulltext_document_changed AFTER UPDATE OF id, tokens ON fulltext_document BEGIN
        INSERT INTO fulltext_index(fulltext_index, rowid, tokens)
            VALUES ('delete', -old.id, old.tokens);
        INSERT INTO fulltext_index(rowid, tokens) VALUES (-new.id, new.tokens);
    END
    """,
    # FTS5 gathers what comes in the order of its numbers, and writes for each that does not.
    "INSERT INTO fulltext_index(rowid, tokens) "
    "SELECT -id, tokens FROM fulltext_document ORDER BY id DESC",
)
MADE_BEFORE = (
    """
    CREATE VIRTUAL TABLE fulltext_index USING fts5(
        tokens, content='fulltext_document', content_rowid='id', columnsize=0,
        tokenize="ascii tokenchars '|:^=@#~'"
    )
    """,
    """
    CREATE TRIGGER fulltext_document_added AFTER INSERT ON fulltext_document BEGIN
        INSERT INTO fulltext_index(rowid, tokens) VALUES (new.id, new.tokens);
    END
    """,
    """
    CREATE TRIGGER fulltext_document_removed AFTER DELETE ON fulltext_document BEGIN
        INSERT INTO fulltext_index(fulltext_index, rowid, tokens)
            VALUES ('delete', old.id, old.tokens);
    END
    """,
    """
    CREATE TRIGGER fulltext_document_changed AFTER UPDATE OF id, tokens ON fulltext_document BEGIN
        INSERT INTO fulltext_index(fulltext_index, rowid, tokens)
            VALUES ('delete', old.id, old.tokens);
        INSERT INTO fulltext_index(rowid, tokens) VALUES (new.id, new.tokens);
    END
    """,
    "INSERT INTO fulltext_index(fulltext_index) VALUES ('rebuild')",
)


def forwards(apps, schema_editor):
    _execute(schema_editor, (*DROPPED, *MADE))


def backwards(apps, schema_editor):
    _execute(schema_editor, (*DROPPED, *MADE_BEFORE))
    # Without the column no document is whole: `rebuild_search` is to see that.
    schema_editor.execute("UPDATE fulltext_document SET digest = 0")


def _execute(schema_editor, statements):
    if schema_editor.connection.vendor == "sqlite":
        for statement in statements:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("fulltext", "0002_index")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # On SQLite the ORM would make the table anew, and its triggers would go.
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE fulltext_document ADD COLUMN mentioned text NOT NULL DEFAULT ''",
                    "ALTER TABLE fulltext_document DROP COLUMN mentioned",
                )
            ],
            state_operations=[
                migrations.AddField(
                    "document", "mentioned", models.TextField(db_default="", default="")
                )
            ],
        ),
        migrations.RunPython(forwards, backwards),
    ]
