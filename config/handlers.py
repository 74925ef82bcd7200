"""What Django answers when no view did: a problem document under /api/, else a page."""

import logging
import uuid

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views import csrf, defaults

from api.errors import is_api, problem
from config.views import bad_request
from readinglists.typed import came_from_here, typed_in, typed_page

logger = logging.getLogger(__name__)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not is_api(request):
        return bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return problem(413, "The body is too large.")
    return problem(400)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(403) if is_api(request) else defaults.permission_denied(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Of a form from an earlier sign-in, what was typed may be sent again, by its reader's hand."""
    if came_from_here(request) and typed_in(request):
        return typed_page(request, 403, reason="signed in anew")
    return csrf.csrf_failure(request, reason)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not is_api(request):
        return defaults.page_not_found(request, exception)
    return problem(404, "There is nothing at this address.")


def handler500(request: HttpRequest) -> HttpResponse:
    """Says nothing of what went wrong but the id under which the log tells it."""
    if not is_api(request):
        return defaults.server_error(request)
    request_id = uuid.uuid4().hex
    logger.error("Request %s failed: %s %r", request_id, request.method, request.path)
    return problem(
        500,
        f"Something failed here; it is logged as {request_id}.",
        headers={"X-Request-Id": request_id},
        request_id=request_id,
    )
