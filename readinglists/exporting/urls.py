"""Where lists go out: as files, frozen, copied."""

from django.urls import path

from readinglists.views import copies, exports, revisions

OUT = [
    path("copy/", copies.list_copy, name="copy"),
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
