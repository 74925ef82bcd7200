"""Whether the process runs, and whether it can work: for load balancers and watchdogs."""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_ox.stats import oldest_ready_age

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; it touches nothing else, so that nothing else gets it restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while something it cannot work without is missing; what is wrong stands in the log."""
    checks = {name: _passes(name, check) for name, check in CHECKS.items()}
    is_ready = all(checks.values())
    states = {name: "ok" if passed else "failed" for name, passed in checks.items()}
    if is_ready:
        # Pages are served without a worker: late tasks take no web server out of service.
        states["tasks"] = "ok" if _passes("tasks", _tasks_are_in_time) else "late"
    body = {"status": "ready" if is_ready else "not ready", "checks": states}
    return JsonResponse(body, status=200 if is_ready else 503)


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        logger.exception("Readiness: %s failed", name)
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _cache_keeps() -> bool:
    key, value = f"readyz:{uuid.uuid4().hex}", "here"
    cache.set(key, value, 10)
    kept = cache.get(key) == value
    cache.delete(key)
    return kept


def _migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _tasks_are_in_time() -> bool:
    age = oldest_ready_age()
    return age is None or age <= timedelta(seconds=settings.TASK_MAX_WAIT)


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "cache": _cache_keeps,
    "migrations": _migrations_are_applied,
}
