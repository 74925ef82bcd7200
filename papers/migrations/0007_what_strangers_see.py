"""PostgreSQL tells from this index alone whether a stranger may see a paper: a search asks that of a
thousand, whose rows with their abstracts lie on as many pages. SQLite finds a row by its number in
any case, and would never use it, so it is not part of the model."""

from django.db import migrations


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX papers_paper_seen ON papers_paper (id) "
            "WHERE NOT is_hidden AND merged_into_id IS NULL"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX papers_paper_seen")


class Migration(migrations.Migration):
    dependencies = [("papers", "0006_index_of_latest")]

    operations = [migrations.RunPython(add, remove)]
