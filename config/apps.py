from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ShortlistAdminConfig(AdminConfig):
    """Django's admin behind the site's own sign-in, with its second factor and limits."""

    default_site = "config.admin.ShortlistAdminSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin
        from django_ox.models import OxSchedule

        # Schedules stand in the settings; what is added here would be ignored.
        admin.site.unregister(OxSchedule)


class ConfigConfig(AppConfig):
    """The roof as an app: what spans all features."""

    name = "config"

    def ready(self) -> None:
        from config import change_log, checks  # noqa: F401  checks register themselves

        change_log.connect()
