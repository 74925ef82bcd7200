"""What a request's body may say: named fields of the right type, and nothing else."""

from collections.abc import Mapping
from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from markup.text import clean_line, clean_text, has_visible_text
from markup.urls import clean_url

Errors = dict[str, list[ErrorDetail]]


class Body(serializers.Serializer):
    """Reads a JSON object. DRF leaves out what it does not know and says 200: somebody who misspelt
    a field, or tries to set an owner, is told so here instead.

    The context's `read_only` names what answers show of such a thing and nobody sets.
    """

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            detail = ErrorDetail("Send a JSON object.", code="not_an_object")
            raise ValidationError({"non_field_errors": [detail]})
        errors = self._strangers(data)
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            errors = {**cast(Errors, error.detail), **errors}
        if errors:
            raise ValidationError(errors)
        return values

    def _strangers(self, data: Mapping[str, Any]) -> Errors:
        read_only = self.context.get("read_only", frozenset())
        errors: Errors = {}
        for name in data:
            if name in self.fields:
                continue
            if name in read_only:
                detail = ErrorDetail("This is not yours to set.", code="read_only")
            else:
                known = ", ".join(sorted(self.fields))
                detail = ErrorDetail(f"Unknown field. Known are: {known}.", code="unknown")
            errors[name[:60]] = [detail]
        return errors


@extend_schema_field({"type": "string"})
class TextField(serializers.CharField):
    """A text, never a number made into one, cleaned like all that comes in; its length is checked
    before any work. `lines` keeps line breaks."""

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        self.longest = max_length
        super().__init__(max_length=max_length, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if len(data) > self.longest:
            self.fail("max_length", max_length=self.longest)
        text = clean_text(data) if self.lines else clean_line(data)
        if not self.allow_blank and not has_visible_text(text):
            self.fail("blank")
        return text


class AddressField(TextField):
    """A web address that may be a link."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=4_000, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        url = clean_url(super().to_internal_value(data))
        if url is None or url.startswith("mailto:"):
            raise ValidationError("An http or https address of a public place.", code="invalid")
        return url


class YesNoField(serializers.BooleanField):
    """true or false: DRF takes "yes", 1 and "on" as well."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class OneOfField(serializers.ChoiceField):
    """One of a closed set of texts; the mistake names the set."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            listed = ", ".join(map(str, self.choices))
            raise ValidationError(f"Choose one of: {listed}.", code="invalid_choice")
        return data
