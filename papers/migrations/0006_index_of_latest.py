"""Feeds of what came last, and what is new since somebody looked, read papers in this order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0005_indexes_of_lists"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(fields=["-created_at", "-id"], name="papers_paper_latest"),
        ),
    ]
