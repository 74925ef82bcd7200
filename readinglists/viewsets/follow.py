"""Following a list, over the API."""

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.parameters import refuse_mistakes
from readinglists.following.changing import follow, unfollow
from readinglists.following.news import news_of
from readinglists.models import Following
from readinglists.rights import Standing
from readinglists.serializers.readers import FollowBody, FollowSerializer
from readinglists.viewsets.parts import ListPart


class FollowView(ListPart):
    """Whether the caller follows a list, and what is new on it to them."""

    http_method_names = ["get", "head", "options", "put", "delete"]
    is_versioned = False
    queryset = Following.objects.none()
    serializer_class = FollowSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    def may_read(self, standing: Standing) -> bool:
        return standing.user.is_authenticated

    def may_write(self, standing: Standing) -> bool:
        return standing.user.is_authenticated

    @extend_schema(operation_id="lists_follow_retrieve", responses=FollowSerializer)
    def shown(self, request: Request) -> Response:
        """What is new on it to its follower; 404 for whoever does not follow it."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        own = Following.objects.visible_to(request.user).filter(reading_list=self.reading_list)
        return Response(self.row(self.get_one(own)))

    @extend_schema(
        operation_id="lists_follow_update",
        request=FollowBody,
        responses={200: FollowSerializer, 201: FollowSerializer},
    )
    def start(self, request: Request) -> Response:
        """Follow it, or say up to which version one has looked; sent again it changes nothing."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        fields = frozenset(FollowSerializer().fields)
        body = FollowBody(data=request.data or {}, context={"read_only": fields})
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            following, is_new = follow(self.reading_list, request.user)
            if "looked_at_version" in body.validated_data:
                following.look(body.validated_data["looked_at_version"])
                following.refresh_from_db()
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        return Response(self.row(following), status=status)

    @extend_schema(operation_id="lists_follow_destroy", responses={204: None})
    def end(self, request: Request) -> Response:
        refuse_mistakes(request.query_params, self.detail_parameters)
        if not unfollow(self.reading_list, request.user):
            raise Http404
        return Response(status=HTTPStatus.NO_CONTENT)

    def row(self, following: Following) -> dict[str, Any]:
        news = news_of([following], self.request.user)[self.reading_list.pk]
        return {
            "list": str(self.reading_list.pk),
            "since": following.since,
            "looked_at_version": following.looked_at_version,
            "new_items": sorted(map(str, news.items)),
            "new_notes": news.note_count,
            "followers": Following.objects.filter(reading_list=self.reading_list).count(),
        }
