"""Where lists come in."""

from django.urls import path

from readinglists.importing import views

IN = [
    path("lists/import/", views.list_import, name="import"),
    path("lists/import/<uuid:pk>/", views.list_imported, name="imported"),
    path("lists/import/<uuid:pk>/undo/", views.list_import_undo, name="undo-import"),
]
