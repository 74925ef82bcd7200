"""Addresses of pages; the API's stand in config/api.py."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views.preferences import appearance
from config import views

handler400 = "config.views.bad_request"

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("newsletter.urls")),
    path("", include("papers.urls")),
    path("", include("prizes.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("theme/", appearance, name="appearance"),
]

if settings.DEBUG:
    urlpatterns += [path("styleguide/", views.styleguide, name="styleguide")]
