from django.apps import AppConfig


class ReadingListsConfig(AppConfig):
    name = "readinglists"
    verbose_name = "Reading lists"

    def ready(self) -> None:
        from readinglists import personal_data  # noqa: F401  takes part in export and deletion
