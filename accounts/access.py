"""Taking away every way in that an account has handed out or left open."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import User


def withdraw_access(user: User) -> None:
    end_sessions(user)
    user.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


def end_sessions(user: User) -> None:
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    for session in UserSession.objects.filter(user=user):
        store().delete(session.session_key)
        session.delete()
