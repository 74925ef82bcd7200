from django.urls import path

from search import feeds
from search.views import results, saved

app_name = "search"
urlpatterns = [
    path("search/", results.results, name="results"),
    path("feeds/search.<feed:kind>", feeds.search_feed, name="results-feed"),
    path("search/saved/", saved.saved_list, name="saved-list"),
    path("search/saved/new/", saved.save, name="save"),
    path("search/saved/restore/", saved.restore, name="restore"),
    path("search/saved/<uuid:pk>/", saved.saved, name="saved"),
    path("search/saved/<uuid:pk>/look/", saved.look, name="look"),
    path("search/saved/<uuid:pk>/delete/", saved.delete, name="delete"),
    path("search/saved/<uuid:pk>/feed/", saved.make_feed, name="make-feed"),
    path("search/saved/<uuid:pk>/feed/end/", saved.end_feed, name="end-feed"),
    path("feeds/saved/<str:secret>.<feed:kind>", feeds.saved_feed, name="feed"),
]
