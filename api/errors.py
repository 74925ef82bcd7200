"""Every error under /api/ is a problem document (RFC 9457), whoever raised it."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from django.core import exceptions as django_exceptions
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from api.renderers import dump

PREFIX = "/api/"
_DJANGO_ERRORS: dict[type[Exception], type[exceptions.APIException]] = {
    Http404: exceptions.NotFound,
    django_exceptions.PermissionDenied: exceptions.PermissionDenied,
}


class Mistake(NamedTuple):
    """One thing that is wrong with a parameter; `position` counts its characters from 0."""

    code: str
    text: str
    position: int | None = None


class PlacedDetail(exceptions.ErrorDetail):
    """An error that knows at which character it lies."""

    position: int | None = None


class ParameterErrors(exceptions.ValidationError):
    """What is wrong with the query string, by parameter."""

    def __init__(self, errors: Mapping[str, Iterable[tuple]]) -> None:
        """`errors` holds pairs of code and text, or `Mistake`s."""
        super().__init__()
        # Not through DRF, which makes every detail anew and forgets its place.
        self.detail = {
            name: [_placed(Mistake(*each)) for each in found] for name, found in errors.items()
        }


class Conflict(exceptions.APIException):
    """What stands there already, or is going on, does not go with it."""

    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"


def _placed(mistake: Mistake) -> exceptions.ErrorDetail:
    detail = PlacedDetail(mistake.text, mistake.code)
    detail.position = mistake.position
    return detail


def problem(
    status: int,
    detail: str | None = None,
    *,
    errors: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    title = HTTPStatus(status).phrase
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or f"{title}.",
        "errors": errors or [],
        **more,
    }
    all_headers = {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        **(headers or {}),
    }
    return HttpResponse(dump(body) + b"\n", status=status, headers=all_headers)


def problem_response(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """What DRF does with an exception; None leaves it to Django, which logs it and answers 500."""
    if isinstance(error, django_exceptions.RequestDataTooBig):
        return problem(413, "The body is too large.")
    if isinstance(error, django_exceptions.BadRequest | django_exceptions.SuspiciousOperation):
        return problem(400)
    for theirs, ours in _DJANGO_ERRORS.items():
        if isinstance(error, theirs):
            error = ours()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    errors = list(flat_errors(error.detail))
    is_one = isinstance(error.detail, exceptions.ErrorDetail)
    more = {"position": error.position} if getattr(error, "position", None) is not None else {}
    return problem(
        error.status_code,
        str(error.detail) if is_one else _summary(errors),
        errors=errors,
        headers=_headers(error, context),
        **more,
        **getattr(error, "members", {}),
    )


def _headers(error: exceptions.APIException, context: Mapping[str, Any]) -> dict[str, str]:
    headers: dict[str, str] = dict(getattr(error, "headers", {}))
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(error, exceptions.MethodNotAllowed) and (view := context.get("view")):
        headers["Allow"] = ", ".join(view.allowed_methods)
    return headers


def flat_errors(detail: Any, field: str = "") -> Iterator[dict[str, Any]]:
    """DRF nests what is wrong as the data is nested; here it is a list with dotted names."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            is_general = name in {"non_field_errors", "__all__"}
            yield from flat_errors(inner, field if is_general else _joined(field, str(name)))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, list | Mapping)
            yield from flat_errors(inner, _joined(field, str(number)) if nested else field)
    else:
        position = getattr(detail, "position", None)
        place = {} if position is None else {"position": position}
        yield {"field": field or None, "code": detail.code, "detail": str(detail), **place}


def _joined(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name


def _summary(errors: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(error["field"] for error in errors if error["field"]))
    if not names:
        return " ".join(error["detail"] for error in errors)
    return f"Not accepted: {', '.join(names)}."


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(PREFIX)
