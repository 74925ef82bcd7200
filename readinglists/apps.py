from django.apps import AppConfig


class ReadingListsConfig(AppConfig):
    name = "readinglists"
    verbose_name = "Reading lists"

    def ready(self) -> None:
        from papers.merging import register, rehang
        from readinglists import (
            merging,
            personal_data,  # noqa: F401  takes part in export and deletion
            query_fields,
            searching,
            token_limits,  # noqa: F401  offers the lists
        )
        from readinglists.importing import undo
        from readinglists.models import Item, ReadingState

        searching.register()
        query_fields.register()
        undo.register_all()

        register(Item, rehang(Item), is_private=True)
        register(ReadingState, merging.move_states, is_private=True)
