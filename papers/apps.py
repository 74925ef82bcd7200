from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"
    verbose_name = "Papers"

    def ready(self) -> None:
        from papers import personal_data  # noqa: F401  takes part in the export of one's data
        from papers.enrichment.queue import when_wanted
        from papers.signals import paper_wants_completion

        paper_wants_completion.connect(when_wanted, dispatch_uid="complete-papers")
