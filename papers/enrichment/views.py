"""The button on a paper's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from papers.enrichment.asking import CannotAsk, ask_about, one_more_of
from papers.models import Paper


@require_POST
@login_required
def complete_paper(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    if one_more_of(request.user).is_over:
        messages.error(request, "That is more than sixty in an hour: please come back later.")
        return redirect(paper)
    try:
        ask_about(paper)
    except CannotAsk as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request,
            "arXiv, Crossref and OpenAlex are being asked; load the page again in a minute.",
        )
    return redirect(paper)
