"""Addresses of lists. `FACES` are what visitors may see: by the list's own address, and below a
share link's."""

from django.urls import include, path

from readinglists.views import exports, revisions

FACES: list = [
    path("export/", exports.list_exports, name="export"),
    path("export.<str:form>", exports.list_export, name="export-file"),
    path("revisions/", revisions.list_revisions, name="revisions"),
    path("revisions/<int:number>/", revisions.list_revision, name="revision"),
    path("revisions/<int:number>.json", revisions.revision_bytes, name="revision-bytes"),
    path(
        "revisions/<int:number>/cite.<str:form>",
        revisions.revision_citation,
        name="revision-citation",
    ),
]

app_name = "readinglists"
urlpatterns = [
    path("lists/<uuid:pk>/", include(FACES)),
    path("s/<str:secret>/", include((FACES, "shared"))),
]
