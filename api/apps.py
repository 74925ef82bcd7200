from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "REST"

    def ready(self) -> None:
        from api import among  # noqa: F401  registers its lookup
