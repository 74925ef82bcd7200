"""Addresses of pages; the API's stand in config/api.py."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views.preferences import appearance
from config import views
from config.health import healthz, readyz

handler400 = "config.handlers.handler400"
handler403 = "config.handlers.handler403"
handler404 = "config.handlers.handler404"
handler500 = "config.handlers.handler500"

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("newsletter.urls")),
    path("", include("papers.urls")),
    path("", include("prizes.urls")),
    path("", include("readinglists.urls")),
    path("", include("search.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("favicon.ico", views.favicon, name="favicon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("theme/", appearance, name="appearance"),
]

if settings.DEBUG:
    urlpatterns += [path("styleguide/", views.styleguide, name="styleguide")]
