"""How the API knows a script (by its token), and what it then lets anybody do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from allauth.core.internal import ratelimit
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken, User, digest
from accounts.scopes import WRITABLE
from api.in_passing import in_passing

if TYPE_CHECKING:  # importing views would import this module again, through DRF's settings
    from rest_framework.views import APIView

LONGEST_TOKEN = 100
LAST_USE_PRECISION = timedelta(minutes=1)
FAILURES_PER_ADDRESS = {"token_failed": "60/m/ip"}


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer rl_…`.

    Malformed, unknown, expired, revoked and a disabled owner get one and the same answer.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).strip().partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        token = find_token(secret.strip())
        if token is None:
            refuse(request)
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def find_token(secret: bytes) -> ApiToken | None:
    """The usable token with this secret, in one query; its length is checked before any work."""
    if len(secret) > LONGEST_TOKEN or not secret.startswith(ApiToken.PREFIX.encode()):
        return None
    if not secret.isascii():
        return None
    hashed = digest(secret.decode("ascii"))
    return ApiToken.objects.usable().select_related("user").filter(digest=hashed).first()


def refuse(request: Request) -> NoReturn:
    """401, the same for every reason; 429 to an address that goes on guessing."""
    allowed = ratelimit.consume(
        request._request,
        app="accounts",
        action="token_failed",
        config=FAILURES_PER_ADDRESS,
        limit_get=True,
    )
    if not allowed:
        raise Throttled(wait=60)
    raise AuthenticationFailed("This token is not valid.", code="invalid_token")


def note_use(token: ApiToken) -> None:
    """Write the moment at most once a minute, so that reading stays reading."""
    now = timezone.now()
    stale = now - LAST_USE_PRECISION
    if token.last_used_at is None or token.last_used_at <= stale:
        unnoted = ApiToken.objects.filter(
            Q(last_used_at=None) | Q(last_used_at__lte=stale), pk=token.pk
        )
        with in_passing(f"use of token {token.pk}"):
            unnoted.update(last_used_at=now)


class IsSignedIn(BasePermission):
    """For what is somebody's own: a stranger is asked who they are, with 401."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user is not None and request.user.is_authenticated


class HasScope(BasePermission):
    """Anybody reads what is public; a token needs its scope; writing needs an account and a right.

    A view names its resource in `scope_resource`; one that holds no data says `None`. A view that
    says nothing takes no tokens: what was forgotten stays shut.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        reading = request.method in SAFE_METHODS
        # Without a handler the answer is 405, whoever asks.
        if not reading and getattr(view, (request.method or "").lower(), None) is None:
            return True
        resource = getattr(view, "scope_resource", "")
        if not reading:
            if resource not in WRITABLE:
                raise PermissionDenied("This cannot be changed over the API.", code="read_only")
            if not request.user.is_authenticated:
                return False
        if isinstance(request.auth, ApiToken):
            require_scope(request.auth, resource, "read" if reading else "write")
            if resource is not None:
                require_within(request.auth, view)
        return True


def require_scope(token: ApiToken, resource: str | None, verb: str) -> None:
    if resource is None:
        return
    if not resource:
        raise PermissionDenied("This address takes no tokens.", code="no_tokens")
    scope = f"{resource}:{verb}"
    if scope not in token.scopes:
        raise PermissionDenied(f"This token lacks the scope {scope}.", code="missing_scope")


def reader_of(request: Any, resource: str) -> User | AnonymousUser:
    """Whoever asks, as far as what they sent reaches: who sent a token without the scope to read a
    resource sees of it, where it shows among others, what everybody sees."""
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken) and f"{resource}:read" not in token.scopes:
        return AnonymousUser()
    return request.user


def require_within(token: ApiToken, view: APIView) -> None:
    """A token limited to one list opens only addresses that know how to keep to it."""
    if token.only_list is not None and not getattr(view, "takes_limited_tokens", False):
        detail = "This token is limited to one reading list."
        raise PermissionDenied(detail, code="limited_to_list")
