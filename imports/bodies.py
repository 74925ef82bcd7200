"""What can be sent to the API to import something, whatever it is."""

from typing import Any

from rest_framework import serializers

from api.bodies import Body, TextField, YesNoField

LONGEST_TEXT = 2_500_000


class RawTextField(serializers.CharField):
    """A file's text as it is: nothing of it is trimmed or cleaned before it is read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, max_length=LONGEST_TEXT, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class ImportBody(Body):
    name = TextField(max_length=200, required=False, help_text="what to call the source")
    preview = YesNoField(required=False, help_text="say what would happen, save nothing")
