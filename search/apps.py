from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Saved searches"

    def ready(self) -> None:
        from search import personal_data  # noqa: F401  takes part in export and deletion
