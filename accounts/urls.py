"""Ours under /accounts/; sign-in, second factor and sessions are allauth's (config/urls.py)."""

from django.urls import path

from accounts.views import invitations, maintainer, personal, preferences, tokens

app_name = "accounts"
urlpatterns = [
    path("preferences/", preferences.preferences, name="preferences"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:pk>/revoke/", tokens.revoke, name="revoke-token"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<uuid:pk>/withdraw/", invitations.withdraw, name="withdraw-invitation"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("maintainer/<str:token>/", maintainer.maintainer, name="maintainer"),
    path("data/", personal.download, name="data"),
    path("delete/", personal.delete, name="delete"),
]
