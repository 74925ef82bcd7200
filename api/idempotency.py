"""`Idempotency-Key`: a POST sent again gets the first answer, and does nothing twice.

The key is taken in the same transaction as the work. A second request with it waits for the first
(PostgreSQL at the unique key, SQLite at its one writer) and then finds its answer; a failed or
killed one leaves no key behind.
"""

import functools
import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request

from api.models import IdempotentAnswer
from api.throttling import caller_of

HEADER = "HTTP_IDEMPOTENCY_KEY"
KEPT_FOR = timedelta(days=1)
# What of an answer is given again; the rest belongs to the request (limits, cookies, dates).
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class KeyReused(APIException):
    status_code = 422
    default_detail = "This Idempotency-Key was sent before with another request."
    default_code = "idempotency_key_reused"


class _Failed(Exception):
    """Takes the transaction back, with the answer that says why."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def idempotent(handler: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view's `post` or `create`: do the work once for each key of a caller."""

    @functools.wraps(handler)
    def handle(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.META.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not _KEY.fullmatch(key):
            raise ValidationError(
                {
                    "Idempotency-Key": [
                        ErrorDetail("1 to 255 visible ASCII characters.", code="invalid")
                    ]
                }
            )
        return _answer_once(view, request, key, lambda: handler(view, request, *args, **kwargs))

    return handle


def _answer_once(
    view: Any, request: Request, key: str, work: Callable[[], HttpResponse]
) -> HttpResponse:
    caller = hashlib.sha256(_owner(request).encode()).hexdigest()
    digest = _digest(request)
    try:
        with transaction.atomic():
            forget_old(caller)
            IdempotentAnswer.objects.bulk_create(
                [IdempotentAnswer(caller=caller, key=key, request_digest=digest)],
                ignore_conflicts=True,
            )
            answer = IdempotentAnswer.objects.select_for_update().get(caller=caller, key=key)
            if answer.status is not None:
                return _replay(answer, digest)
            response = _rendered(view, request, work())
            if response.status_code >= 400:
                raise _Failed(response)
            answer.status = response.status_code
            answer.body = response.content
            answer.headers = {
                name: response.headers[name] for name in KEPT_HEADERS if name in response.headers
            }
            answer.save(update_fields=["status", "headers", "body"])
            return response
    except _Failed as failure:
        return failure.response


def _replay(answer: IdempotentAnswer, digest: str) -> HttpResponse:
    if answer.request_digest != digest:
        raise KeyReused
    headers = {**answer.headers, "Idempotency-Replayed": "true"}
    return HttpResponse(bytes(answer.body or b""), status=answer.status, headers=headers)


def _rendered(view: Any, request: Request, response: HttpResponse) -> HttpResponse:
    """DRF renders after the view; what is kept has to be rendered before the transaction ends."""
    if getattr(response, "is_rendered", True):
        return response
    response.accepted_renderer = request.accepted_renderer
    response.accepted_media_type = request.accepted_media_type
    response.renderer_context = view.get_renderer_context()
    response.render()
    return response


def _owner(request: Request) -> str:
    """A key is private to the account, whichever token it uses, or to the anonymous address."""
    user = request.user
    return f"user:{user.pk}" if user and user.is_authenticated else caller_of(request)[1]


def _digest(request: Request) -> str:
    """Of what was asked: method, address and what the body says."""
    parts = (request.method, request.get_full_path(), repr(request.data))
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def forget_old(caller: str | None = None) -> int:
    old = IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    return (old.filter(caller=caller) if caller else old).delete()[0]
