"""Sections of a list: added, changed, taken away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from api.parameters import whole_number
from readinglists.access import Access, by_editor
from readinglists.arranging import saving
from readinglists.arranging.forms import NewSectionForm, SectionForm
from readinglists.conflicts import save_or_conflict
from readinglists.editing.writing import Refused, Stale
from readinglists.models import ListSection
from readinglists.undo_messages import say_done


@require_http_methods(["GET", "HEAD", "POST"])
@by_editor
def new_section(request: HttpRequest, access: Access) -> HttpResponse:
    if request.method != "POST":
        return section_page(request, access, NewSectionForm())
    form = NewSectionForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = saving.add_section(access, form.pk, title=said["title"], prose=said["prose"])
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            return to_section(access, made.pk)
    return section_page(request, access, form)


@require_http_methods(["GET", "HEAD", "POST"])
@by_editor
def section(request: HttpRequest, access: Access, section: UUID) -> HttpResponse:
    thing = saving.section_here(access.reading_list, section)
    if request.method != "POST":
        return section_page(request, access, SectionForm(thing=thing), thing)
    form = SectionForm(request.POST)
    if not form.is_valid():
        return section_page(request, access, form, thing)
    conflict = save_or_conflict(
        form, lambda based_on, typed: saving.change_section(access, section, based_on, **typed)
    )
    if conflict is not None:
        return conflict.page(request, back=access.url("detail"))
    return to_section(access, section)


@require_POST
@by_editor
def remove_section(request: HttpRequest, access: Access, section: UUID) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        event = saving.remove_section(access, section, whole_number(version) or 0)
    except Stale:
        messages.error(
            request, "The section was changed meanwhile: look at it before you remove it."
        )
        return redirect("readinglists:section", pk=access.reading_list.pk, section=section)
    say_done(request, "The section is removed. What stood in it comes before all sections.", event)
    return redirect(access.url("detail"))


def section_page(
    request: HttpRequest,
    access: Access,
    form: NewSectionForm | SectionForm,
    section: ListSection | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "access": access,
        "reading_list": access.reading_list,
        "form": form,
        "section": section,
    }
    status = 400 if form.errors else 200
    return render(request, "readinglists/section.html", context, status=status)


def to_section(access: Access, section: UUID) -> HttpResponse:
    return redirect(f"{access.url('detail')}#section-{section}")
