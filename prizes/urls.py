from django.urls import path

from prizes import views

app_name = "prizes"
urlpatterns = [
    path("prizes/", views.prize_list, name="list"),
    path("prizes/<slug:slug>/", views.prize_detail, name="detail"),
    path("deadlines/", views.deadline_list, name="deadlines"),
    path("deadlines/<uuid:pk>.ics", views.deadline_calendar, name="deadline_ics"),
]
# The same things for calendars and feed readers; each takes the filters of the page.
for ending in ("ics", "atom", "json"):
    kept = {"ending": ending}
    urlpatterns += [
        path(f"deadlines.{ending}", views.deadlines_face, kept, name=f"deadlines_{ending}"),
        path(f"prizes/<slug:slug>.{ending}", views.prize_face, kept, name=f"prize_{ending}"),
    ]
