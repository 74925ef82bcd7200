from django.apps import AppConfig


class FulltextConfig(AppConfig):
    name = "fulltext"
    verbose_name = "Search"

    def ready(self) -> None:
        from api.changes import changes_recorded
        from fulltext import checks  # noqa: F401  registers itself
        from fulltext.indexing import on_changes_recorded

        changes_recorded.connect(on_changes_recorded, dispatch_uid="fulltext")
