from django.urls import path

from readinglists.views import reading

READING = [
    path("reading/", reading.overview, name="reading"),
    path("reading/pace/", reading.pace, name="reading-pace"),
    path("reading/papers/<int:pk>/", reading.reading_state, name="reading-state"),
]
