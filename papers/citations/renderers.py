"""The API's faces of reference formats: one work, a page of them, or all."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.keyset import Ordering
from api.parameters import refuse_mistakes
from api.renderers import rows_of
from papers.citations.citation import Citation
from papers.citations.downloads import download
from papers.citations.formats import REFERENCE_FORMATS, ReferenceFormat
from papers.models import Paper


class ReferenceRenderer(BaseRenderer):
    """Renders citations, which the view gives in place of rows."""

    reference_format: ReferenceFormat

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None):
        answer = (renderer_context or {}).get("response")
        if answer is not None and answer.status_code != HTTPStatus.OK:
            return b""
        citations: Any = [data] if isinstance(data, Citation) else rows_of(data)
        return "".join(self.reference_format.document(citations)).encode()


def _renderer(form: ReferenceFormat) -> type[ReferenceRenderer]:
    members = {
        "reference_format": form,
        "media_type": form.media_type,
        "format": form.name,
        "extension": form.extension,
        "charset": form.charset,
    }
    return type(f"{form.name.title()}Renderer", (ReferenceRenderer,), members)


REFERENCE_RENDERERS = [_renderer(form) for form in REFERENCE_FORMATS.values()]


def asked_format(request: Request) -> ReferenceFormat | None:
    return REFERENCE_FORMATS.get(getattr(request.accepted_renderer, "format", ""))


class WithPapersOfEach:
    """For a collection whose things lead to papers: each is also a file of its papers."""

    def get_renderers(self) -> list[BaseRenderer]:
        renderers = super().get_renderers()
        if self.action == "retrieve":
            renderers += [renderer() for renderer in REFERENCE_RENDERERS]
        return renderers

    def papers_of(self, thing: int) -> tuple[QuerySet[Paper], Ordering]:
        """The papers of a thing by its id, and their order: of those the user may see."""
        raise NotImplementedError

    def retrieve(self, request: Request, pk: str) -> HttpResponseBase:
        form = asked_format(request)
        if form is None:
            return super().retrieve(request, pk)
        refuse_mistakes(request.query_params, self.detail_parameters)
        things = self.get_queryset().filter(self.lookup(pk))
        found = things.values_list("pk", "slug").first()
        if found is None:
            return self.lead_on(request, pk)
        papers, ordering = self.papers_of(found[0])
        return download(request, form, papers, ordering=ordering, name=found[1])
