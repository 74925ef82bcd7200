from django.apps import AppConfig


class PrizesConfig(AppConfig):
    name = "prizes"
    verbose_name = "Prizes"

    def ready(self) -> None:
        from imports.undo import register as register_undo
        from newsletter.signals import issue_read, issue_taken_back
        from prizes import query_fields, receivers, searching
        from prizes.importing.undo import take_back
        from prizes.tracking import personal_data  # noqa: F401  export and deletion

        issue_read.connect(receivers.on_issue_read, dispatch_uid="prizes")
        issue_taken_back.connect(receivers.on_issue_taken_back, dispatch_uid="prizes")
        register_undo("prize", take_back)
        query_fields.register()
        searching.register()
