"""Lists brought in: looked at first, then imported, and taken back if need be."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from api.parameters import whole_number
from imports.jsonl import UnreadableSource
from imports.models import ImportRun
from imports.outcomes import outcome_page
from imports.undo import CannotUndo, undo
from imports.uploads import Upload
from readinglists.editing.writing import Refused
from readinglists.importing.forms import ConfirmForm, ImportForm
from readinglists.importing.pace import noted_reading
from readinglists.importing.planning import Outcome
from readinglists.importing.reading import FORMS, read_bytes
from readinglists.importing.run import Imported, import_draft, look
from readinglists.labels import labels_of
from readinglists.models import Item, ReadingList

LATEST = 20
SHOWN = 300  # rows of a preview
REJECTED_SHOWN = 100
NAMED = 20  # of what stays after an undo


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def list_import(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and (state := noted_reading(request.user)).is_over:
        refused = render(request, "429.html", status=429)
        refused.headers["Retry-After"] = str(state.resets_in)
        return refused
    if "token" in request.POST:
        return _import(request)
    is_sent = request.method == "POST"
    data: tuple[Any, Any] = (request.POST, request.FILES) if is_sent else (None, None)
    form = ImportForm(*data, user=request.user, initial={"into": request.GET.get("into")})
    if is_sent and form.is_valid():
        upload = form.keep()
        try:
            draft = read_bytes(upload.name, upload.path.read_bytes())
        except UnreadableSource as error:
            upload.remove()
            form.add_error(None, str(error))
        else:
            seen = look(draft, request.user, form.cleaned_data["into"])
            return render(
                request,
                "readinglists/import_preview.html",
                _shown(seen, form, upload, request.user),
            )
    runs = ImportRun.objects.filter(started_by=request.user, kind=ImportRun.Kind.LIST)
    context = {"form": form, "runs": runs[:LATEST]}
    return render(request, "readinglists/import.html", context, status=400 if form.errors else 200)


def _shown(seen: Imported, form: ImportForm, upload: Upload, user: Any) -> dict[str, Any]:
    rejected = [plan for plan in seen.plans if plan.outcome == Outcome.REJECTED]
    others = [plan for plan in seen.plans if plan.outcome != Outcome.REJECTED]
    sections = [section.title for section in seen.draft.sections]
    return {
        "draft": seen.draft,
        "form_label": FORMS[seen.draft.form],
        "name": upload.name,
        "into": form.cleaned_data["into"],
        "title": seen.draft.head.get("title") or form.name_for_it(upload.name),
        "token": upload.token(user),
        "counts": [(name, seen.counts[name]) for name in Outcome.values if seen.counts[name]],
        "rejected": rejected[:REJECTED_SHOWN],
        "more_rejected": max(0, len(rejected) - REJECTED_SHOWN),
        "rows": [
            (plan, sections[plan.item.section] if _has_section(plan) else "")
            for plan in others[:SHOWN]
        ],
        "more": max(0, len(others) - SHOWN),
        "is_worth_it": bool(seen.counts[Outcome.CREATED]) or bool(seen.draft.head),
    }


def _has_section(plan: Any) -> bool:
    return plan.item is not None and plan.item.section is not None


def _import(request: HttpRequest) -> HttpResponse:
    upload = Upload.find(request.POST["token"], request.user)
    form = ConfirmForm(request.POST, user=request.user)
    raw = upload.read() if upload else None
    if upload is None or raw is None or not form.is_valid():
        messages.error(request, "The file is no longer here, or the list is. Choose them again.")
        return redirect("readinglists:import")
    try:
        done = import_draft(
            read_bytes(upload.name, raw),
            request.user,
            name=upload.name,
            title=form.cleaned_data["title"],
            into=form.cleaned_data["into"],
            leave_out=left_out(request.POST),
        )
    except (UnreadableSource, Refused) as error:
        messages.error(request, f"{error} Nothing was imported.")
        return redirect("readinglists:import")
    upload.remove()
    assert done.run is not None  # noqa: S101
    return redirect("readinglists:imported", done.run.pk)


def left_out(data: QueryDict) -> set[int]:
    """Numbers of the records somebody does not want; those that were shown and not kept."""
    shown, kept = (set(map(whole_number, data.getlist(name))) for name in ("shown", "keep"))
    return {number for number in shown - kept if number is not None}


@require_safe
@login_required
def list_imported(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = _own(request, pk)
    rows = run.rows.defer("raw").exclude(kind__in=["list", "list section", "paper"]).order_by("pk")
    context = outcome_page(request, run, rows)
    lists = ReadingList.objects.visible_to(request.user)
    reading_list = lists.filter(pk=run.options.get("list")).first()
    if reading_list is not None:
        _name_rows(context["page"], reading_list, request.user)
    context["reading_list"] = reading_list
    return render(request, "readinglists/imported.html", context)


def _name_rows(page: Page, reading_list: ReadingList, user: Any) -> None:
    """What came of them, as it is called now."""
    keys = [row.key for row in page if row.kind == "list item"]
    items = Item.objects.filter(reading_list=reading_list, pk__in=keys, deleted_at=None)
    labels = {str(pk): label for pk, label in labels_of(items, user).items()}
    for row in page:
        row.title = labels.get(row.key)


@require_POST
@login_required
def list_import_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = _own(request, pk)
    try:
        undone = undo(run)
    except CannotUndo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The import was taken back.")
        for _, reason in undone.stay[:NAMED]:
            messages.warning(request, f"Stays: {reason}.")
        if len(undone.stay) > NAMED:
            messages.warning(request, f"And {len(undone.stay) - NAMED} more stay.")
    return redirect("readinglists:imported", run.pk)


def _own(request: HttpRequest, pk: UUID) -> ImportRun:
    """Nobody else's, whoever may look after imports: what was read may be private."""
    runs = ImportRun.objects.filter(started_by=request.user, kind=ImportRun.Kind.LIST)
    return get_object_or_404(runs, pk=pk)
