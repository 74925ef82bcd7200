"""Proposals over the API: an editor's yes and no."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.parameters import refuse_mistakes
from readinglists.serializers.items import ItemSerializer
from readinglists.sharing import proposals


class DecidesProposals:
    """For the items of a list. What has been decided stays so: sent again it changes nothing."""

    reading_list: Any
    standing: Any

    @extend_schema(request=None, responses={200: ItemSerializer})
    @action(detail=True, methods=["post"])
    def accept(self: Any, request: Request, pk: str) -> Response:
        item = self.proposal(request, pk)
        proposals.accept(self.reading_list.pk, request.user, item)
        return self.answer(item)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def decline(self: Any, request: Request, pk: str) -> Response:
        """Into the list's trash; whoever proposed it sees that it was declined."""
        item = self.proposal(request, pk)
        proposals.decline(self.reading_list.pk, request.user, item)
        return Response(status=HTTPStatus.NO_CONTENT)

    def proposal(self: Any, request: Request, pk: str) -> Any:
        refuse_mistakes(request.query_params, self.detail_parameters)
        if not self.standing.may_edit:
            self.refuse("Only the owner and editors of this list decide on proposals.")
        return self.get_one(self.get_queryset().filter(self.lookup(pk))).pk
