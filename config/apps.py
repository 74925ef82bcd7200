from django.contrib.admin.apps import AdminConfig


class ShortlistAdminConfig(AdminConfig):
    """Django's admin behind the site's own sign-in, with its second factor and limits."""

    default_site = "config.admin.ShortlistAdminSite"
