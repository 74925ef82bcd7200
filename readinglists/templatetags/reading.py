from typing import Any

from django import template

from papers.models import Paper
from readinglists.models import ReadingState
from readinglists.reading.on_list import Mark, OwnView
from readinglists.reading.states import states_of

register = template.Library()


@register.inclusion_tag("readinglists/_reading_state.html", takes_context=True)
def reading_state(context: dict[str, Any], paper: Paper) -> dict[str, Any]:
    """Where the reader is with a paper, and the buttons that change it; for one paper a page."""
    user = context["user"]
    return {
        "user": user,
        "paper": paper,
        "state": states_of(user, [paper.pk]).get(paper.pk),
        "states": ReadingState.State.choices,
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def own_mark(own: OwnView, row: Any) -> Mark:
    """What is the reader's own about a row of a list's page."""
    return own.mark(row.item, is_paper=row.paper is not None, state=row.state)
