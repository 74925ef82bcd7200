"""The admin's page on which a maintainer decides whether two papers are one work."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from papers.comparison import better_first, compare
from papers.duplicates import dismiss
from papers.merging import TAKEABLE, CannotMerge, CannotSplit, merge, split
from papers.models import Merge, Paper


def may_merge(user) -> bool:
    return user.has_perms(["papers.add_merge", "papers.change_paper"])


def may_split(user) -> bool:
    return user.has_perms(["papers.change_merge", "papers.change_paper"])


def compare_view(request: HttpRequest, duplicate: int, into: int, site: admin.AdminSite):
    """The duplicate first, as it is merged; without a choice yet, the better one stays."""
    if not may_merge(request.user):
        raise PermissionDenied
    papers = [get_object_or_404(Paper, pk=pk, merged_into=None) for pk in (duplicate, into)]
    if duplicate == into:
        messages.error(request, "A paper cannot be merged into itself.")
        return redirect("admin:papers_paper_changelist")
    comparison = compare(*papers)
    if request.method == "POST":
        if request.POST.get("state") == comparison.state:
            return _decide(request, *papers)
        messages.error(
            request, "One of the papers was changed since you opened this page: look again."
        )
    context = {
        **site.each_context(request),
        "title": "Are these one work?",
        "opts": Paper._meta,
        "comparison": comparison,
        "chosen": request.POST.getlist("taken"),
    }
    return TemplateResponse(request, "admin/papers/compare.html", context)


def _decide(request: HttpRequest, duplicate: Paper, into: Paper) -> HttpResponse:
    if request.POST.get("decision") == "different":
        dismiss(duplicate, into, by=request.user)
        messages.success(request, "Noted as two works: they are not suggested again.")
        return redirect("admin:papers_duplicatesuggestion_changelist")
    taken = [name for name in request.POST.getlist("taken") if name in TAKEABLE]
    try:
        made = merge(duplicate, into, by=request.user, taken=taken)
    except CannotMerge as reason:
        messages.error(request, str(reason))
        return redirect("admin:papers_paper_changelist")
    messages.success(request, format_html("“{}” is part of “{}” now.", duplicate, into))
    return redirect("admin:papers_merge_change", made.pk)


def split_view(request: HttpRequest, pk: int) -> HttpResponse:
    if not may_split(request.user):
        raise PermissionDenied
    made = get_object_or_404(Merge, pk=pk)
    if request.method == "POST":
        tell_split(request, made)
    return redirect("admin:papers_merge_change", made.pk)


def tell_split(request: HttpRequest, made: Merge) -> None:
    """Split, and say what came of it."""
    try:
        done = split(made, by=request.user)
    except CannotSplit as reason:
        messages.error(request, f"{made}: {reason}")
        return
    messages.success(request, f"“{made.duplicate}” and “{made.into}” are two papers again.")
    for text in done.stayed[:20]:
        messages.warning(request, f"Stays as it is: {text}.")


def comparison_address(one: Paper, other: Paper) -> str:
    into, duplicate = better_first(one, other)
    return reverse("admin:papers_paper_compare", args=[duplicate.pk, into.pk])
