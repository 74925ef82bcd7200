"""Bodies that come in: JSON only, read strictly and to a size."""

from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ErrorDetail, ParseError
from rest_framework.parsers import BaseParser

from api.strict_json import StrictJSONError, read_json


class TooLarge(APIException):
    status_code = 413
    default_detail = "The body is too large."
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge(f"The body is too large: at most {limit:,} bytes are read.")
        try:
            return read_json(raw)
        except StrictJSONError as error:
            problem = ParseError(error.detail, code=error.code)
            problem.detail = ErrorDetail(error.detail, error.code)
            problem.position = error.position
            raise problem from None
