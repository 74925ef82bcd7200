"""What all collections about sharing do."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from api.bodies import Body
from api.filters import FilterSet
from api.keyset import Key
from api.parameters import refuse_mistakes
from api.writing import METHODS
from readinglists.rights import Standing
from readinglists.viewsets.parts import OWNER_ONLY, ListPart

# Of answers that hold a secret.
ONCE = {"Cache-Control": "no-store"}


class NoFilter(FilterSet):
    """Nothing to choose by."""


class SharingPart(ListPart):
    """Of the owner alone, unless it says otherwise."""

    http_method_names = METHODS
    is_versioned = False
    filterset_class = NoFilter
    refusal = reading_refusal = OWNER_ONLY
    orderings = {"created": Key("created_at")}
    default_ordering = "-created"
    body_class: type[Body]

    def may_read(self, standing: Standing) -> bool:
        return standing.is_owner

    def may_write(self, standing: Standing) -> bool:
        return standing.is_owner

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def read_body(self, request: Request, body_class: type[Body] | None = None) -> dict[str, Any]:
        refuse_mistakes(request.query_params, self.detail_parameters)
        fields = frozenset(self.get_serializer_class()().fields)
        body = (body_class or self.body_class)(data=request.data, context={"read_only": fields})
        body.is_valid(raise_exception=True)
        return body.validated_data

    def found(self, pk: str) -> Any:
        """The thing of this list; 404 for one of another, the same as for none."""
        return self.get_one(self.get_queryset().filter(self.lookup(pk)))
