"""ETags: reading what has not changed costs no body, and writing over a change is refused.

Answers that show one thing have a strong tag, collections a weak one. Things that carry a version
begin their tag with it, and `If-Match` compares that number alone, so that a tag got in one format
serves for writing in another.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from rest_framework.exceptions import APIException

_VERSIONED = re.compile(r'"(\d{1,18})(?:-[0-9a-f]+)?"')


def content_etag(body: bytes, *, weak: bool) -> str:
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    return f"W/{tag}" if weak else tag


def version_etag(version: int, *shown: str) -> str:
    """The tag of a versioned thing; `shown` is what else its form depends on: audience, format."""
    digest = hashlib.blake2b("\x1f".join(shown).encode(), digest_size=8).hexdigest()
    return f'"{version}-{digest}"'


def answer_conditionally(
    request: HttpRequest, response: HttpResponse, *, weak: bool, version: int | None = None
):
    """The response with its ETag, or 304 if the reader has it already."""
    if response.status_code not in (200, 201) or response.streaming:
        return response
    if not response.has_header("ETag"):
        response.headers["ETag"] = (
            content_etag(response.content, weak=weak)
            if version is None
            else version_etag(version, response.content.decode().removesuffix("\n"))
        )
    # If-Match is about writing: `require_match` answers for it.
    if request.method not in ("GET", "HEAD") or "HTTP_IF_NONE_MATCH" not in request.META:
        return response
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    if answer is not response:
        for name, value in response.headers.items():
            if name.startswith("RateLimit"):
                answer.headers[name] = value
    return answer


class PreconditionRequired(APIException):
    status_code = 428
    default_detail = "Send If-Match with the ETag of what you have read."
    default_code = "precondition_required"


class MalformedPrecondition(APIException):
    status_code = 400
    default_detail = 'If-Match takes one strong ETag as it was given, such as "7-4f2a".'
    default_code = "malformed_precondition"


class PreconditionFailed(APIException):
    """Somebody was quicker; the current state comes along, so that both can be shown."""

    status_code = 412
    default_detail = "This has changed since you read it."
    default_code = "stale"

    def __init__(self, etag: str, current: Any) -> None:
        super().__init__()
        self.headers = {"ETag": etag}
        self.members = {"current": current}


def required_version(request: HttpRequest) -> int:
    """The version a write is based on, from its If-Match; 428 without one, 400 if it is unfit."""
    header = request.META.get("HTTP_IF_MATCH", "").strip()
    if header in {"", "*"}:
        raise PreconditionRequired
    match = _VERSIONED.fullmatch(header)
    if match is None:
        raise MalformedPrecondition
    return int(match[1])


def require_match(
    request: HttpRequest, version: int, represent: Callable[[], tuple[str, Any]]
) -> None:
    """Refuse to write over a version that the caller has not seen.

    `represent` gives the current ETag and state, and is only asked when it is needed. What follows
    must still write with `version` in its WHERE: somebody may come in between.
    """
    if required_version(request) != version:
        raise PreconditionFailed(*represent())
