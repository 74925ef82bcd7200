"""Addresses of a list's history, for its members."""

from django.urls import path

from readinglists.views import history

HISTORY: list = [
    path("history/", history.history, name="history"),
    path("history/<int:version>/", history.version, name="version"),
    path("history/<int:version>/undo/", history.undo, name="undo"),
    path("history/<int:version>/restore/", history.restore, name="restore-version"),
]
