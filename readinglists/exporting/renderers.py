"""The API's faces of files: a list's items in every format; of many lists, each as one work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.parameters import refuse_mistakes
from papers.citations.citation import Citation
from papers.citations.formatted import DEFAULT_STYLE
from papers.citations.renderers import REFERENCE_RENDERERS, asked_format
from readinglists.exporting.downloads import download
from readinglists.exporting.formats import FORMATS

# What lists alone leave in is asked for on their pages; JSON is the API's own.
AS_FILES = frozenset({"bibtex", "ris", "csljson", "markdown", "csv", "jsonl"})


class ExportedLists:
    """For the collection of lists."""

    def get_renderers(self) -> list[BaseRenderer]:
        renderers = super().get_renderers()
        if self.action in ("list", "retrieve"):
            renderers += [renderer() for renderer in REFERENCE_RENDERERS]
        return renderers

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        if asked_format(self.request) is not None:
            data = list(map(list_citation, data))
        return super().get_paginated_response(data)

    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        name = getattr(request.accepted_renderer, "format", "")
        if name not in AS_FILES:
            return super().retrieve(request, pk)
        refuse_mistakes(request.query_params, self.detail_parameters)
        self.open_list(pk)
        what = (self.reading_list, self.standing)
        return download(request, FORMATS[name], *what, DEFAULT_STYLE)


def list_citation(row: Mapping[str, Any]) -> Citation:
    """A list itself as a work, from its row."""
    updated = row["updated_at"]
    at = updated if isinstance(updated, datetime) else datetime.fromisoformat(updated)
    return Citation(
        key=f"list:{row['id'][:8]}",
        kind="webpage",
        title=row["title"],
        authors=(row["owner"],) if row["owner"] else (),
        year=at.year,
        month=at.month,
        day=at.day,
        url=row["web_url"],
    )
