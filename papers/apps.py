from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"
    verbose_name = "Papers"

    def ready(self) -> None:
        from imports.undo import register as register_undo
        from papers import personal_data, query_fields, searching  # noqa: F401  own registration
        from papers.duplicates import on_same_work_found
        from papers.enrichment.queue import when_wanted
        from papers.importing.undo import take_back, take_back_many
        from papers.signals import paper_wants_completion, same_work_found

        paper_wants_completion.connect(when_wanted, dispatch_uid="complete-papers")
        same_work_found.connect(on_same_work_found, dispatch_uid="duplicates")
        query_fields.register()
        searching.register()
        register_undo("paper", take_back, take_back_many)
