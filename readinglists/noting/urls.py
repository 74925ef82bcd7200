"""Addresses of notes, below a list's own address and below a share link's."""

from django.urls import path

from readinglists.views import notes

NOTES: list = [
    path("items/<uuid:item>/notes/", notes.item_notes, name="item-notes"),
    path("notes/<uuid:note>/", notes.note, name="note"),
    path("notes/<uuid:note>/remove/", notes.remove_note, name="note-remove"),
    path("notes/<uuid:note>/restore/", notes.restore_note, name="note-restore"),
]
PREVIEW: list = [path("lists/preview/", notes.preview, name="preview")]
