from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "REST"

    def ready(self) -> None:
        from api import among  # noqa: F401  registers its lookup
        from api.changes import notice_a_former_server

        post_migrate.connect(notice_a_former_server, sender=self)
