from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and access"  # allauth's section of the admin is "Accounts"

    def ready(self) -> None:
        from accounts import schema, signals  # noqa: F401  OpenAPI extension, receivers
