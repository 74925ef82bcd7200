"""Addresses of lists. `FACES` are what visitors may see: by the list's own address, and below a
share link's. What only members and owners reach stands in modules of its own."""

from django.urls import include, path

from readinglists.adding.urls import ADD, ADD_TO
from readinglists.arranging.urls import ARRANGING, TRASH
from readinglists.exporting.urls import OUT
from readinglists.following.urls import FOLLOWED, FOLLOWING, LIST_FEEDS
from readinglists.history.urls import HISTORY
from readinglists.importing.urls import IN
from readinglists.noting.urls import NOTES, PREVIEW
from readinglists.reading.urls import READING
from readinglists.sharing.urls import INVITATIONS, OF_ONE_LIST, PROPOSALS
from readinglists.views import lists

FACES: list = [
    path("", lists.list_detail, name="detail"),
    *LIST_FEEDS,
    *NOTES,
    *OUT,
    *PROPOSALS,
]

app_name = "readinglists"
urlpatterns = [
    path("lists/", lists.list_index, name="index"),
    path("lists/new/", lists.new_list, name="new"),
    *IN,
    *INVITATIONS,
    *PREVIEW,
    *READING,
    *FOLLOWED,
    *ADD,
    *TRASH,
    path("lists/<uuid:pk>/settings/", lists.list_settings, name="settings"),
    path(
        "lists/<uuid:pk>/",
        include(FACES + OF_ONE_LIST + HISTORY + FOLLOWING + ARRANGING + ADD_TO),
    ),
    # After all its pages: none of their names is a list's slug (readinglists/naming.py).
    path("lists/<uuid:pk>/<slug:slug>/", lists.list_detail, name="detail"),
    path("s/<str:secret>/", include((FACES, "shared"))),
]
