from django.urls import path

from readinglists.following import feeds
from readinglists.views import following

# A list as a feed, by its own address and below a share link's.
LIST_FEEDS = [path("feed.<feed:kind>", feeds.list_feed, name="feed")]
FOLLOWING = [path("follow/", following.follow, name="follow")]
FOLLOWED = [
    path("lists/followed/", following.followed, name="followed"),
    path("feeds/lists/<str:secret>.<feed:kind>", feeds.own_feed, name="own-feed"),
]
