"""Where somebody is led back to."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def local_next(request: HttpRequest) -> str:
    """The `next` that was sent along; anywhere but on this site is nowhere."""
    path = request.POST.get("next") or request.GET.get("next", "")
    return path if get_adapter().is_safe_url(path) else ""
