from django.urls import path

from prizes import views
from prizes.tracking import views as tracking

app_name = "prizes"
urlpatterns = [
    path("prizes/", views.prize_list, name="list"),
    path("prizes/<slug:slug>/", views.prize_detail, name="detail"),
    path("deadlines/", views.deadline_list, name="deadlines"),
    path("deadlines/money/", views.money_list, name="money"),
    path("deadlines/<uuid:pk>.ics", views.deadline_calendar, name="deadline_ics"),
    path("prizes/<slug:slug>/track/", tracking.track, name="track"),
    path("tracked/", tracking.tracked, name="tracked"),
    path("tracked/reminders/", tracking.plan, name="plan"),
    path("tracked/calendar/", tracking.own_calendar, name="own-calendar"),
    path("calendars/<str:secret>.ics", tracking.calendar_file, name="calendar"),
    path("tracked/<uuid:pk>/", tracking.tracking_detail, name="tracking"),
    path("tracked/<uuid:pk>/forget/", tracking.forget, name="forget"),
    path("reminders/<str:token>/stop/", tracking.stop, name="stop-reminders"),
]
# The same things for calendars and feed readers; each takes the filters of the page.
for ending in ("ics", "atom", "json"):
    kept = {"ending": ending}
    urlpatterns += [
        path(f"deadlines.{ending}", views.deadlines_face, kept, name=f"deadlines_{ending}"),
        path(f"prizes/<slug:slug>.{ending}", views.prize_face, kept, name=f"prize_{ending}"),
    ]
