"""Compressed answers whose tags can still be written with.

Django marks the tag of what it compresses as weak, and `If-Match` takes no weak one: whoever reads
compressed, as nearly every client does, could not write back what they read. What is compressed has
a tag of its own instead, as Apache gives it: "7-4f2a" and "7-4f2a-gzip" are one thing in two forms.
"""

import re
from http import HTTPStatus
from typing import Any

from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_OF_COMPRESSED = re.compile(r'(?<=[0-9a-f])-gzip(?=")')
_CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH")


class TaggedGZipMiddleware(GZipMiddleware):
    def process_request(self, request: Any) -> None:
        """Within the site a thing has one tag, however it travels."""
        request.has_compressed = False
        for name in _CONDITIONS:
            said = request.META.get(name, "")
            plain = _OF_COMPRESSED.sub("", said)
            if plain != said:
                request.META[name] = plain
                request.has_compressed = True

    def process_response(self, request: Any, response: HttpResponseBase) -> HttpResponseBase:
        tag = response.headers.get("ETag", "")
        was_plain = not response.has_header("Content-Encoding")
        response = super().process_response(request, response)
        is_compressed = was_plain and response.has_header("Content-Encoding")
        is_known = response.status_code == HTTPStatus.NOT_MODIFIED and request.has_compressed
        if tag.startswith('"') and (is_compressed or is_known):
            response.headers["ETag"] = f'{tag[:-1]}-gzip"'
        return response
