from django.urls import path

from newsletter import feeds, views

app_name = "newsletter"
urlpatterns = [
    path("feeds/issues.<feed:kind>", feeds.issue_feed, name="feed"),
    path(
        "feeds/publications/<slug:slug>.<feed:kind>",
        feeds.publication_feed,
        name="publication_feed",
    ),
    path("feeds/topics/<slug:slug>.<feed:kind>", feeds.topic_feed, name="topic_feed"),
    path("issues/", views.issue_list, name="list"),
    path("issues/<slug:slug>/", views.issue_detail, name="detail"),
    path("topics/", views.topic_list, name="topics"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic"),
]
