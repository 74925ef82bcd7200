"""Addresses of lists. `FACES` are what visitors may see: by the list's own address, and below a
share link's."""

from django.urls import include, path

from readinglists.views import exports

FACES: list = [
    path("export.<str:form>", exports.list_export, name="export-file"),
]

app_name = "readinglists"
urlpatterns = [
    path("lists/<uuid:pk>/", include(FACES)),
    path("s/<str:secret>/", include((FACES, "shared"))),
]
