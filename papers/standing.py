"""What a merged paper's address leads to."""

from django.shortcuts import get_object_or_404

from papers.models import Paper


def standing_paper(paper: Paper, user) -> Paper:
    """The paper itself, or what it was merged into; what somebody may not see is not there."""
    seen = set()
    while paper.merged_into is not None and paper.pk not in seen:
        seen.add(paper.pk)
        paper = paper.merged_into
    return get_object_or_404(Paper.objects.visible_to(user), pk=paper.pk)
