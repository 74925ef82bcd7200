"""The body of the search in the schema: hits, what was understood, what could narrow it."""

from typing import Any

from api.pagination import KeysetPagination

FACET = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["value", "label", "count"],
        "properties": {
            "value": {"type": "string"},
            "label": {"type": "string"},
            "count": {"type": "integer", "minimum": 0, "description": "hits it would leave"},
        },
    },
}


def _text(description: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "description": description}


class SearchPagination(KeysetPagination):
    """Describes; the pages themselves are made by `search.finding`."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described = super().get_paginated_response_schema(schema)
        described["properties"] |= {
            "query": _text("what was looked for, in one spelling"),
            "explanation": _text("the same in words"),
            "instead_of": _text("what was asked for, where nothing holds it"),
            "facets": {
                "type": "object",
                "description": "with `facets=1`",
                "properties": dict.fromkeys(("kind", "topic", "year", "issue", "venue"), FACET),
            },
            "facets_are_exact": {
                "type": "boolean",
                "description": "false where only the 1,000 best hits of each kind are counted",
            },
        }
        return described

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        described = super().get_schema_operation_parameters(view)
        return [each for each in described if each["name"] != "ordering"]
