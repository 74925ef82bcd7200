"""The versions of a row as its history page compares them, at a price that does not grow."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import ModelChange


class ComparedVersions(SimpleHistoryAdmin):
    object_history_list_template = "curation/history.html"

    def get_history_queryset(self, request, history_manager, pk_name, object_id) -> QuerySet:
        """simple_history's calls `select_related()` without names where there are no keys."""
        records = history_manager.filter(**{pk_name: object_id})
        keys = [f.name for f in history_manager.model.tracked_fields if isinstance(f, ForeignKey)]
        return records.select_related("history_user", *keys)

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records, foreign_keys_are_objs: bool = True
    ) -> None:
        """simple_history's asks for the many-to-many rows of every two versions anew."""
        records = list(historical_records)
        fields = records[0]._history_m2m_fields if records else ()
        rows = {field.name: _rows_by_version(records, field.name) for field in fields}
        for newer, older in pairwise(records):
            delta = newer.diff_against(
                older, excluded_fields=set(rows), foreign_keys_are_objs=foreign_keys_are_objs
            )
            for name, found in rows.items():
                before, after = found[older.history_id], found[newer.history_id]
                if before != after:
                    delta.changes.append(ModelChange(name, before, after))
            helper = self.get_historical_record_context_helper(request, newer)
            newer.history_delta_changes = helper.context_for_delta_changes(delta)


def _rows_by_version(records: Sequence, name: str) -> dict[int, list[dict[str, object]]]:
    """What each version was related to, in the form in which simple_history tells changes."""
    model = getattr(records[0], name).model
    keys = [
        field.name
        for field in model._meta.fields
        if field.editable and isinstance(field, ForeignKey) and field.name != "history"
    ]
    found = model.objects.filter(history__in=[record.history_id for record in records])
    rows: dict[int, list[dict[str, object]]] = defaultdict(list)
    for row in found.select_related(*keys).order_by(*(f"{key}_id" for key in keys)):
        rows[row.history_id].append({key: getattr(row, key) for key in keys})
    return rows
