"""A system check: whether there is an index at all."""

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from fulltext.models import Document
from fulltext.numbering import bounds
from fulltext.registry import Kind, kinds


@register(Tags.database)
def index_is_there(app_configs, databases, **kwargs) -> list[CheckMessage]:
    """Costs one look a kind; `rebuild_search --check` compares every document."""
    return [
        Warning(
            f"Nothing of kind {kind.name} can be found by searching.",
            hint="Run `manage.py rebuild_search`; it works while the site runs.",
            id="shortlist.W003",
        )
        for alias in databases or []
        for kind in kinds()
        if _lacks_index(kind, alias)
    ]


def _lacks_index(kind: Kind, alias: str) -> bool:
    try:
        if Document.objects.using(alias).filter(id__range=bounds(kind)).exists():
            return False
        some = kind.model._base_manager.using(alias).values_list("pk", flat=True)[:20]
        return any(True for _ in kind.build(list(some)))
    except DatabaseError:
        return False  # before the first `migrate` there are no tables
