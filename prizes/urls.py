from django.urls import path

from prizes import views

app_name = "prizes"
urlpatterns = [
    path("prizes/", views.prize_list, name="list"),
    path("prizes/<slug:slug>/", views.prize_detail, name="detail"),
    path("deadlines/", views.deadline_list, name="deadlines"),
]
