"""Rate limits that hold across processes: one atomic count for a caller and window.

Counted in the shared Redis or Valkey if there is one, else in the database by one statement.
"""

import ipaddress
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.in_passing import in_passing
from api.models import RateCount

_CLEAN_ONE_IN = 50

_COUNT_SQL = (
    'INSERT INTO "api_ratecount" ("key", "count", "ends_at") VALUES (%s, 1, %s) '
    'ON CONFLICT ("key") DO UPDATE SET "count" = "api_ratecount"."count" + 1 '
    'RETURNING "count"'
)


@dataclass(frozen=True, slots=True)
class RateState:
    """Where a caller stands in the window that is running."""

    limit: int
    used: int
    resets_in: int

    @property
    def is_over(self) -> bool:
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "RateLimit-Reset": str(self.resets_in),
        }


class RateLimit(BaseThrottle):
    """So many requests a window for each token, else each user, else each address."""

    def allow_request(self, request: Request, view: object) -> bool:
        scope, caller = caller_of(request)
        limit, seconds = read_rate(settings.API_RATE_LIMITS[scope])
        self.state = count(caller, limit, seconds)
        request._request.rate_state = self.state
        return not self.state.is_over

    def wait(self) -> float:
        return self.state.resets_in


def read_rate(rate: str) -> tuple[int, int]:
    """ "120/60" is 120 requests in 60 seconds."""
    requests, _, seconds = rate.partition("/")
    return int(requests), int(seconds)


def caller_of(request: Request) -> tuple[str, str]:
    """The limit that applies, and who is counted."""
    user = request.user
    if user is None or not user.is_authenticated:
        return "anonymous", f"ip:{network_of(client_address(request._request))}"
    token = getattr(request.auth, "pk", None)
    return "user", f"token:{token}" if token else f"user:{user.pk}"


def client_address(request: HttpRequest) -> str:
    """The caller's address; what it says itself in X-Forwarded-For counts only from proxies we
    were told of, each of which adds one entry at the right."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    remote = request.META.get("REMOTE_ADDR", "")
    if not proxies:
        return remote
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return forwarded[-proxies] if len(forwarded) >= proxies and forwarded[-proxies] else remote


def network_of(address: str) -> str:
    """One IPv6 household has 2^64 addresses: it is counted as one caller."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((int(ip), 64), strict=False))
    return str(ip)


def count(caller: str, limit: int, seconds: int, now: float | None = None) -> RateState:
    now = time.time() if now is None else now
    window = int(now // seconds)
    ends_at = (window + 1) * seconds
    used = _counter()(f"{caller}:{seconds}:{window}", ends_at)
    return RateState(limit, used, max(1, math.ceil(ends_at - now)))


def _counter() -> Callable[[str, float], int]:
    return _count_in_cache if _has_shared_cache() else _count_in_database


def _has_shared_cache() -> bool:
    return settings.CACHES["default"]["BACKEND"].endswith("RedisCache")


def _count_in_cache(key: str, ends_at: float) -> int:
    name = f"rate:{key}"
    cache.add(name, 0, timeout=max(1, math.ceil(ends_at - time.time())) + 1)
    try:
        return cache.incr(name)
    except ValueError:  # it ended between the two
        return 1


def _count_in_database(key: str, ends_at: float) -> int:
    ends = datetime.fromtimestamp(ends_at, UTC)
    used = 0
    with in_passing(f"a request of {key}"):
        used = _insert_or_increment(key, ends)
    if used == 1 and random.randrange(_CLEAN_ONE_IN) == 0:  # noqa: S311
        forget_ended()
    return used


def _insert_or_increment(key: str, ends: datetime) -> int:
    params = [key, connection.ops.adapt_datetimefield_value(ends)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_SQL, params)
        return cursor.fetchone()[0]


def forget_ended(now: datetime | None = None) -> int:
    """Delete what was counted in windows that are over."""
    return RateCount.objects.filter(ends_at__lt=now or datetime.now(UTC)).delete()[0]
