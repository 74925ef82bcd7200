"""The inverted index itself, for which the ORM has no word."""

from django.db import migrations

SQLITE = (
    # The tokenizer only splits: tokens come folded, and hold no other ASCII punctuation.
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
)
SQLITE_BACK = (
    "DROP TRIGGER fulltext_document_added",
    "DROP TRIGGER fulltext_document_removed",
    "DROP TRIGGER fulltext_document_changed",
    "DROP TABLE fulltext_index",
)
POSTGRESQL = (
    # Without the list of pending entries, which every search would have to read through.
    "CREATE INDEX fulltext_document_tokens ON fulltext_document "
    "USING gin (tokens) WITH (fastupdate = off)",
)
POSTGRESQL_BACK = ("DROP INDEX fulltext_document_tokens",)


def forwards(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL_BACK if is_postgresql else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("fulltext", "0001_tables")]

    operations = [migrations.RunPython(forwards, backwards)]
