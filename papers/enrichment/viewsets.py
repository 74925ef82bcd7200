"""Completing a paper over the API."""

from http import HTTPStatus

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, Throttled, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.filters import LARGEST_ID
from api.idempotency import idempotent
from api.parameters import refuse_mistakes
from api.resources import ApiFace, absolute
from papers.enrichment.asking import CannotAsk, ask_about, one_more_of
from papers.models import Completion, Paper


class NobodyToAsk(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "nobody_to_ask"


class CompletionSerializer(serializers.Serializer):
    paper = serializers.IntegerField()
    state = serializers.ChoiceField(Completion.State.choices)
    outcome = serializers.ChoiceField(
        Completion.Outcome.choices, allow_null=True, help_text="of the last time; null before it"
    )
    detail = serializers.CharField(allow_null=True, help_text="what a service did wrong")
    asked_at = serializers.DateTimeField()
    tried_at = serializers.DateTimeField(allow_null=True)
    web_url = serializers.URLField()


class CompletionView(ApiFace, APIView):
    """Have a paper completed from arXiv, Crossref and OpenAlex, and see what came of it."""

    http_method_names = ["get", "head", "options", "post"]

    @property
    def scope_resource(self) -> str:
        request = getattr(self, "request", None)
        return "papers" if request is None or request.method in SAFE_METHODS else "enrich"

    @extend_schema(operation_id="papers_enrich_status", responses=CompletionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How far it is; 404 if nobody ever asked for it."""
        refuse_mistakes(request.query_params, {"format"})
        paper = self.paper(request, pk)
        return Response(row_of(get_object_or_404(Completion, paper=paper), paper))

    @extend_schema(
        operation_id="papers_enrich",
        request=None,
        responses={
            202: CompletionSerializer,
            409: OpenApiResponse(description="there is nobody to ask about this paper"),
            429: OpenApiResponse(description="more than sixty in an hour"),
        },
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Ask for it: a worker does it, mostly within a minute."""
        refuse_mistakes(request.query_params, {"format"})
        paper = self.paper(request, pk)
        if request.data:
            named = request.data if isinstance(request.data, dict) else ["body"]
            raise ValidationError({name: ["There is nothing to say here."] for name in named})
        rate = one_more_of(request.user)
        if rate.is_over:
            raise Throttled(wait=rate.resets_in)
        try:
            completion = ask_about(paper)
        except CannotAsk as error:
            raise NobodyToAsk(str(error)) from error
        return Response(row_of(completion, paper), status=HTTPStatus.ACCEPTED)

    def paper(self, request: Request, pk: int) -> Paper:
        if pk > LARGEST_ID:
            raise Http404
        return get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)


def row_of(completion: Completion, paper: Paper) -> dict[str, object]:
    return {
        "paper": paper.pk,
        "state": completion.state,
        "outcome": completion.outcome,
        "detail": completion.detail,
        "asked_at": completion.asked_at,
        "tried_at": completion.tried_at,
        "web_url": absolute(paper.get_absolute_url()),
    }
