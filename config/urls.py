"""Addresses of pages; the API's stand in config/api.py."""

from django.contrib import admin
from django.urls import include, path

from accounts.views.preferences import appearance

urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("theme/", appearance, name="appearance"),
]
