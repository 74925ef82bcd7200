"""The API described by itself: OpenAPI 3.1, and a page to try it, from the site's own origin."""

import functools
import re
from collections import Counter
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from api.parameters import refuse_mistakes
from api.resources import ApiFace

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "position": {
                        "type": "integer",
                        "minimum": 0,
                        "description": "Of the character at fault in a query, counted from 0.",
                    },
                },
            },
        },
    },
}
PROBLEMS = {
    "400": "The request is not understood: an unknown or unfit parameter.",
    "401": "The token is not valid.",
    "403": "The token lacks the scope.",
    "404": "There is no such thing, or no such format.",
    "406": "None of the formats in Accept is made here.",
    "429": "Too many requests; Retry-After says when to come again.",
}


PROBLEMS_OF_WRITING = {
    "412": "It has changed since the version in If-Match; `current` is what it is now.",
    "413": "The body is too large.",
    "415": "The body is no JSON.",
    "422": "The Idempotency-Key was sent before with another request.",
    "428": "If-Match is missing.",
}

DEEDS = {
    "get": "One of them",
    "post": "Add one",
    "put": "Put it so",
    "patch": "Change it",
    "delete": "Delete it",
}


def describe_answers(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """Postprocessing: errors, 304 and the text formats, which no serializer describes; and beside
    each address a few words on what it does."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    operations = [
        (path, method, operation)
        for path, methods in result["paths"].items()
        for method, operation in methods.items()
    ]
    told = Counter(operation.get("description", "") for *_, operation in operations)
    for path, method, operation in operations:
        _describe(operation["responses"], is_reading=method == "get")
        words = operation.get("description", "")
        is_collection = method == "get" and not path.endswith("}/")
        if words and (told[words] == 1 or is_collection):
            operation["summary"] = _first_sentence(words)
        elif method == "post" and "get" not in result["paths"][path]:  # …/accept/
            operation["summary"] = path.rstrip("/").rpartition("/")[2].capitalize()
        else:  # words of the resource, which every method of it repeats
            operation["summary"] = DEEDS[method]
    return result


def _first_sentence(words: str) -> str:
    return re.split(r"(?<=[.:;])\s", " ".join(words.split()))[0].rstrip(".:;")


def _describe(responses: dict[str, Any], *, is_reading: bool) -> None:
    for media_type, described in responses.get("200", {}).get("content", {}).items():
        if media_type.endswith("+json"):
            described["schema"] = {"type": "array", "items": {"type": "object"}}
        elif media_type != "application/json":
            described["schema"] = {"type": "string"}
    problems = PROBLEMS
    if is_reading:
        responses["304"] = {"description": "Not modified since the ETag in If-None-Match."}
    else:
        problems = PROBLEMS | PROBLEMS_OF_WRITING
    for status, description in problems.items():
        responses[status] = {
            "description": description,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }


@functools.cache
def openapi_schema() -> dict[str, Any]:
    """The same for everybody, so made once a process: it takes a second."""
    return SchemaGenerator().get_schema(request=None, public=True)


class SchemaView(ApiFace, SpectacularAPIView):
    scope_resource = None
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        refuse_mistakes(request.query_params, {"format"})
        return Response(openapi_schema())


class DocsView(ApiFace, SpectacularSwaggerSplitView):
    scope_resource = None
    url_name = "api:schema"
