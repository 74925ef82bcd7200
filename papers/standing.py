"""What a merged paper's address and a former citation key lead to."""

from collections.abc import Iterable

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from papers.identifiers import identify
from papers.models import CitationKeyAlias, Identifier, Paper


def standing_paper(paper: Paper, user) -> Paper:
    """The paper itself, or what it was merged into; what somebody may not see is not there."""
    seen = set()
    while paper.merged_into is not None and paper.pk not in seen:
        seen.add(paper.pk)
        paper = paper.merged_into
    return get_object_or_404(Paper.objects.visible_to(user), pk=paper.pk)


def paper_named(text: str, user) -> Paper | None:
    """What an arXiv id, a DOI or an address leads to, in any spelling; None if nobody sees it."""
    identity = identify(text)
    if identity is None:
        return None
    names = Identifier.objects.select_related("paper__merged_into")
    name = names.filter(scheme=identity.scheme, value=identity.value).first()
    try:
        return standing_paper(name.paper, user) if name else None
    except Http404:
        return None


def paper_with_key(key: str) -> Paper:
    """The paper that has a citation key, or had it before; it may be merged, or hidden."""
    if "\x00" in key:
        raise Http404
    former = CitationKeyAlias.objects.filter(key=key).values("paper")
    # A paper's own key stands before what others were once called.
    papers = Paper.objects.filter(Q(citation_key=key) | Q(pk__in=former))
    found = {paper.citation_key == key: paper for paper in papers}
    paper = found.get(True) or found.get(False)
    if paper is None:
        raise Http404("No paper has or had this key.")
    return paper


def standing_papers(keys: Iterable[str], user) -> dict[str, Paper]:
    """The same for many ids as texts, in a query for each time that papers were merged."""
    found: dict[str, Paper] = {}
    wanted = {key: int(key) for key in keys if key.isdecimal()}
    while wanted:
        papers = Paper.objects.in_bulk(set(wanted.values()))
        merged = {k: p.merged_into_id for k, pk in wanted.items() if (p := papers.get(pk))}
        found |= {key: papers[wanted[key]] for key, into in merged.items() if into is None}
        wanted = {key: into for key, into in merged.items() if into is not None}
    visible = Paper.objects.visible_to(user).filter(pk__in={paper.pk for paper in found.values()})
    seen = set(visible.values_list("pk", flat=True))
    return {key: paper for key, paper in found.items() if paper.pk in seen}
