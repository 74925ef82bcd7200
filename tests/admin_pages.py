"""Working the admin as a maintainer does: by its forms."""

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def form_of(page) -> dict[str, Any]:
    """What the forms of a change page would send if nothing were changed."""
    forms = [page.context["adminform"].form]
    for inline in page.context.get("inline_admin_formsets", ()):
        forms += [inline.formset.management_form]
        if inline.has_change_permission or inline.has_add_permission:
            forms += inline.formset.forms
    sent = {}
    for form in forms:
        for bound in form:
            for widget in _widgets(bound):
                sent |= widget
    return {name: value for name, value in sent.items() if value is not None}


def _widgets(bound) -> list[dict[str, Any]]:
    value = bound.value()
    if hasattr(bound.field.widget, "decompress"):
        parts = bound.field.widget.decompress(value)
        return [{f"{bound.html_name}_{n}": part} for n, part in enumerate(parts)]
    return [{bound.html_name: None if value is False else value}]


def edit(client: Client, row: Model, page: str = "change", *more: Any, **changed: Any):
    """Change fields by the form of a row and send it; a field set to None is left out."""
    where = address(type(row), page, row.pk, *more)
    sent = form_of(client.get(where)) | changed
    answer = client.post(where, {name: _as_sent(v) for name, v in sent.items() if v is not None})
    if answer.status_code == 302:
        row.refresh_from_db()
    return answer


def _as_sent(value: Any) -> Any:
    """Browsers end each line of a text with CR LF."""
    return value.replace("\n", "\r\n") if isinstance(value, str) else value


def act(client: Client, model: type[Model], action: str, *rows: Model):
    """Run an action of the list on rows."""
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return client.post(address(model, "changelist"), chosen, follow=True)
