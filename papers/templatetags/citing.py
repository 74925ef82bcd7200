"""What reference managers recognise a paper by, for templates."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from papers.citations.recognition import coins, unapi_id
from papers.filters import PaperFilter
from papers.models import Paper

register = template.Library()


@register.simple_tag
def recognised(paper: Paper) -> SafeString:
    """Beside a paper among others: unAPI, which brings notes along, and COinS for other readers.

    `paper` has its `first_authorships`, if any; nothing more is asked of the database.
    """
    authors = [each.name_as_printed for each in getattr(paper, "first_authorships", ())]
    return format_html(
        '<abbr class="unapi-id" title="{}"></abbr><span class="Z3988" title="{}"></span>',
        unapi_id(paper.pk),
        coins(paper, authors),
    )


@register.simple_tag(takes_context=True)
def paper_filters(context: Mapping[str, Any]) -> str:
    """The part of the page's query string that filters papers, encoded."""
    asked = context["request"].GET
    return urlencode(
        [(name, asked[name]) for name in asked if name in PaperFilter.known() and asked[name]]
    )
