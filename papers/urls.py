from django.urls import path

from papers import feeds, views
from papers.citations import views as citing
from papers.enrichment.views import complete_paper
from papers.importing import views as importing

app_name = "papers"
urlpatterns = [
    path("feeds/papers.<feed:kind>", feeds.paper_feed, name="feed"),
    path("papers/", views.paper_list, name="list"),
    path("papers/export/", citing.paper_export, name="export"),
    path("papers/import/", importing.paper_import, name="import"),
    path("papers/import/<uuid:pk>/", importing.paper_imported, name="imported"),
    path("papers/import/<uuid:pk>/undo/", importing.paper_import_undo, name="undo_import"),
    path("papers/by/url/", views.paper_by_url, name="by_url"),
    path("papers/by/<slug:scheme>/<path:value>", views.paper_by_identifier, name="by"),
    path("papers/<int:pk>/complete", complete_paper, name="complete"),
    path("papers/<int:pk>/", views.paper_detail, name="short"),
    path("papers/<int:pk>/<str:slug>/cite/", citing.paper_cite, name="cite"),
    path("papers/<int:pk>/<str:slug>/", views.paper_detail, name="detail"),
    path("unapi", citing.unapi, name="unapi"),
]
