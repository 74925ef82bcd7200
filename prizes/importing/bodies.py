"""What can be sent to the API to import deadlines."""

from api.bodies import YesNoField
from imports.bodies import ImportBody, RawTextField


class DeadlineImportBody(ImportBody):
    text = RawTextField(help_text="YAML of the ai-deadlines family, or iCalendar")
    publish = YesNoField(
        required=False, help_text="show new prizes at once, for those who may change prizes"
    )
