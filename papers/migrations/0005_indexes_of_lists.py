"""Indexes by which lists are read in their order.

SQLite took the foreign key's index for "not merged", which holds for nearly all papers, and then
sorted them. The index alone is dropped: altering the field would write the whole table anew.
"""

import django.db.models.deletion
from django.db import migrations, models

INDEX = "papers_paper_merged_into_id_4cc8183f"


class Migration(migrations.Migration):
    dependencies = [("papers", "0004_completion")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {INDEX}",
                    f"CREATE INDEX {INDEX} ON papers_paper (merged_into_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="paper",
                    name="merged_into",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="papers.paper",
                    ),
                )
            ],
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="papers_paper_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                fields=["kind", "-published_order", "-id"], name="papers_paper_newest_of_kind"
            ),
        ),
    ]
