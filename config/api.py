"""The API's addresses, and its index."""

from django.urls import include, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from api.parameters import refuse_mistakes
from api.resources import ApiFace, Collection
from api.schema import DocsView, SchemaView
from config.changes import ChangesView
from newsletter.viewsets import EntryViewSet, IssueViewSet, PublicationViewSet
from papers.enrichment.viewsets import CompletionView
from papers.importing.viewsets import PaperImportViewSet
from papers.merge_endpoints import MergePaperView, SplitMergeView
from papers.viewsets import PaperViewSet, TopicViewSet
from prizes.importing.viewsets import DeadlineImportViewSet
from prizes.tracking.viewsets import TrackingViewSet
from prizes.viewsets import DeadlineViewSet, PrizeViewSet
from readinglists.importing.viewsets import ListImportViewSet
from readinglists.viewsets import sharing
from readinglists.viewsets.events import EventViewSet
from readinglists.viewsets.follow import FollowView
from readinglists.viewsets.forks import ForkView
from readinglists.viewsets.items import ItemViewSet
from readinglists.viewsets.lists import ReadingListViewSet
from readinglists.viewsets.notes import NoteViewSet
from readinglists.viewsets.parts import under_list
from readinglists.viewsets.reading_states import ReadingStateViewSet
from readinglists.viewsets.revisions import RevisionViewSet
from readinglists.viewsets.sections import ListSectionViewSet
from search.viewsets import SavedSearchViewSet, SearchViewSet

COLLECTIONS: dict[str, type[Collection]] = {
    "publications": PublicationViewSet,
    "issues": IssueViewSet,
    "topics": TopicViewSet,
    "entries": EntryViewSet,
    "papers": PaperViewSet,
    "paper-imports": PaperImportViewSet,
    "prizes": PrizeViewSet,
    "deadlines": DeadlineViewSet,
    "deadline-imports": DeadlineImportViewSet,
    "trackings": TrackingViewSet,
    "lists": ReadingListViewSet,
    "list-imports": ListImportViewSet,
    "reading-states": ReadingStateViewSet,
    "saved-searches": SavedSearchViewSet,
}
# What stands under a list, by the names of its routes' addresses.
UNDER_LISTS: dict[str, type[Collection]] = {
    "items": ItemViewSet,
    "members": sharing.MemberViewSet,
    "invitations": sharing.InvitationViewSet,
    "share-links": sharing.ShareLinkViewSet,
    "sections": ListSectionViewSet,
    "notes": NoteViewSet,
    "events": EventViewSet,
    "revisions": RevisionViewSet,
}


class IndexView(ApiFace, APIView):
    """The collections, and where they are described."""

    scope_resource = None

    @extend_schema(
        operation_id="index",
        responses={
            200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
        },
    )
    def get(self, request: Request) -> Response:
        refuse_mistakes(request.query_params, {"format"})
        here = request.build_absolute_uri(request.path)
        names = (*COLLECTIONS, "search", "changes", "schema", "docs")
        return Response({name: f"{here}{name}/" for name in names})


router = SimpleRouter()
for name, viewset in COLLECTIONS.items():
    router.register(name, viewset, basename=name)
for name, viewset in UNDER_LISTS.items():
    router.register(under_list(name), viewset, basename=f"lists-{name}")

app_name = "api"
urlpatterns = [
    path("", IndexView.as_view(), name="index"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("papers/<int:pk>/enrich/", CompletionView.as_view(), name="papers-enrich"),
    path("papers/<int:pk>/merge/", MergePaperView.as_view(), name="papers-merge"),
    path("merges/<int:pk>/split/", SplitMergeView.as_view(), name="merges-split"),
    path(
        "lists/<str:list_id>/fork/",
        ForkView.as_view({"post": "create"}, basename="lists-fork"),
        name="lists-fork",
    ),
    path("search/", SearchViewSet.as_view({"get": "list"}, basename="search"), name="search"),
    *[
        path(f"lists/<str:list_id>/{place}/", viewset.as_view(methods), name=f"lists-{name}")
        for place, name, viewset, methods in (
            ("leave", "leave", sharing.LeavingViewSet, {"post": "leave"}),
            (
                *("transfer", "transfer", sharing.TransferViewSet),
                {"get": "read", "post": "offer", "delete": "end"},
            ),
            ("transfer/accept", "transfer-accept", sharing.TransferViewSet, {"post": "accept"}),
        )
    ],
    path(
        "lists/<str:list_id>/follow/",
        FollowView.as_view(
            {"get": "shown", "put": "start", "delete": "end"}, basename="lists-follow"
        ),
        name="lists-follow",
    ),
    path("", include(router.urls)),
]
