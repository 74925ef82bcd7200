"""Addresses where things come onto lists."""

from django.urls import path

from readinglists.views import adding, choosing

ADD: list = [
    path("lists/add/", choosing.choose, name="add"),
    path("lists/from-anywhere/", choosing.from_anywhere, name="from-anywhere"),
]
ADD_TO: list = [path("add/", adding.add, name="add-to")]
