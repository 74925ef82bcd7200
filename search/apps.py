from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Saved searches"

    def ready(self) -> None:
        from search import adding, personal_data  # noqa: F401  take part in lists, export, deletion
