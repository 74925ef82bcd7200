"""How drf-spectacular reads our views: bodies, preconditions and what writing can answer."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of what the change is based on; its version is compared.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    description="Sent again with the same key, the request is answered as the first time.",
)


class Described(AutoSchema):
    def get_request_serializer(self) -> Any:
        body = getattr(self.view, "body_class", None)
        if body and getattr(self.view, "action", None) in ("create", "partial_update"):
            return body(partial=self.method == "PATCH")
        return super().get_request_serializer()

    def get_override_parameters(self) -> list[Any]:
        # Of what stands under something else.
        above = getattr(self.view, "path_parameters", [])
        parameters = [*super().get_override_parameters(), *above]
        if not getattr(self.view, "is_versioned", True):
            return parameters
        if self.method in ("PATCH", "PUT", "DELETE"):
            return [*parameters, IF_MATCH]
        is_creation = getattr(self.view, "action", None) == "create"
        return [*parameters, IDEMPOTENCY_KEY] if is_creation else parameters
