"""Pages on which papers are brought in: paste or upload, look at it, import it, take it back."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imports.jsonl import UnreadableSource
from imports.models import ImportRun
from imports.outcomes import outcome_page
from imports.runs import RunBusy
from imports.undo import CannotUndo, undo
from imports.uploads import Upload
from papers.importing.access import may_import
from papers.importing.forms import ReferencesForm
from papers.importing.planning import Choice, Options
from papers.importing.preview import Preview
from papers.importing.run import ImportFailed, import_papers, look
from papers.importing.sources import from_bytes
from papers.standing import standing_papers

LATEST = 10


def for_importers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_importers
def paper_import(request: HttpRequest) -> HttpResponse:
    if "token" in request.POST:
        return _import(request)
    is_sent = request.method == "POST"
    form = ReferencesForm(request.POST, request.FILES) if is_sent else ReferencesForm()
    context: dict[str, Any] = {"form": form}
    if is_sent and form.is_valid():
        upload = form.keep()
        options = Options(form.cleaned_data["all_addresses"])
        try:
            preview = _look(upload, options)
        except UnreadableSource as error:
            upload.remove()
            form.add_error(None, str(error))
        else:
            token = upload.token(request.user)
            context |= {"preview": preview, "token": token, "options": options}
            return render(request, "papers/import_preview.html", context)
    context["runs"] = ImportRun.objects.visible_to(request.user).filter(kind="papers")[:LATEST]
    return render(request, "papers/import.html", context, status=400 if form.errors else 200)


def _look(upload: Upload, options: Options) -> Preview:
    preview = Preview(from_bytes(upload.name, upload.path.read_bytes()))
    preview.result = look([preview.source], options=options, watch=preview.watch)
    return preview


def _import(request: HttpRequest) -> HttpResponse:
    upload = Upload.find(request.POST["token"], request.user)
    raw = upload.read() if upload else None
    if upload is None or raw is None:
        messages.error(request, "The file is no longer here. Choose it again.")
        return redirect("papers:import")
    try:
        result = import_papers(
            [from_bytes(upload.name, raw)],
            options=Options("all_addresses" in request.POST),
            choices=chosen(request.POST),
            started_by=request.user,
        )
    except (UnreadableSource, ImportFailed, RunBusy) as error:
        messages.error(request, f"{error} Nothing more was imported; try again.")
        return redirect("papers:import")
    upload.remove()
    return redirect("papers:imported", result.run.pk if result.run else "")


def chosen(data: QueryDict | Mapping[str, str]) -> dict[int, Choice]:
    """What was decided otherwise than planned, by the record's number."""
    choices = {}
    for name, value in data.items():
        number = name.removeprefix("choice-")
        if number != name and number.isascii() and number.isdecimal() and value in [*Choice]:
            choices[int(number[:9])] = Choice(value)
    return choices


@require_safe
@for_importers
def paper_imported(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk, kind="papers")
    context = outcome_page(request, run, run.rows.defer("raw").order_by("pk"))
    page = context["page"]
    papers = standing_papers([row.key for row in page if row.kind == "paper"], request.user)
    for row in page:
        if paper := papers.get(row.key):
            row.title, row.path = paper.title, paper.get_absolute_url()
    return render(request, "papers/imported.html", context)


@require_POST
@for_importers
def paper_import_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk, kind="papers")
    try:
        undone = undo(run)
    except CannotUndo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{undone.taken_back} taken back.")
        for row, reason in reversed(undone.stay[:20]):
            messages.warning(request, f"Line {row.line} stays: {reason}.")
        if len(undone.stay) > 20:
            messages.warning(request, f"And {len(undone.stay) - 20} more stay.")
    return redirect("papers:imported", run.pk)
