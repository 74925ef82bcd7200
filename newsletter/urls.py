from django.urls import path

from newsletter import views

app_name = "newsletter"
urlpatterns = [
    path("issues/", views.issue_list, name="list"),
    path("issues/<slug:slug>/", views.issue_detail, name="detail"),
    path("topics/", views.topic_list, name="topics"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic"),
]
