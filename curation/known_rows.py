"""Histories by address: one that names no row is not found, as on all other pages."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin


class KnownRows(SimpleHistoryAdmin):
    """simple_history looks up what the address says, whether or not it can be a key."""

    def history_view(self, request: HttpRequest, object_id, extra_context=None) -> HttpResponse:
        require_key(self.model, unquote(object_id))
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id, version_id, extra_context=None
    ) -> HttpResponse:
        require_key(self.model, object_id)
        require_key(self.model.history.model, version_id)
        return super().history_form_view(request, object_id, version_id, extra_context)


def require_key(model: type[Model], text: str) -> None:
    try:
        model._meta.pk.to_python(text)
    except ValidationError as error:
        raise Http404 from error
