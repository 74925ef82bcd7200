from django.apps import AppConfig


class PrizesConfig(AppConfig):
    name = "prizes"
    verbose_name = "Prizes"

    def ready(self) -> None:
        from newsletter.signals import issue_read, issue_taken_back
        from prizes import receivers, searching
        from prizes.tracking import personal_data  # noqa: F401  export and deletion

        issue_read.connect(receivers.on_issue_read, dispatch_uid="prizes")
        issue_taken_back.connect(receivers.on_issue_taken_back, dispatch_uid="prizes")
        searching.register()
