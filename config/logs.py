"""What we write into logs, without the secrets that stand in some addresses."""

import logging
import re

_SLASH = r"(?:/|%2F)"
_PLACES = rf"maintainer|invitation|confirm-email|password{_SLASH}reset{_SLASH}key"
_SECRET = re.compile(
    rf"""(accounts{_SLASH}(?:{_PLACES}){_SLASH})(?:[^/\s%&?#"'<>]|%(?!2F))+""", re.IGNORECASE
)
_LISTS = re.compile(
    rf"""({_SLASH}(?:s|lists{_SLASH}invitation){_SLASH})(?:[^/\s%&?#"'<>]|%(?!2F))+""",
    re.IGNORECASE,
)
_STOP = re.compile(rf"(reminders{_SLASH})[^/\s%]+(?:%3A[^/\s%]+)*(?={_SLASH}stop)", re.IGNORECASE)
_FEED = re.compile(rf"(feeds{_SLASH}(?:saved|lists){_SLASH})[\w-]+", re.IGNORECASE)
_CALENDAR = re.compile(rf"(calendars{_SLASH})[\w-]+", re.IGNORECASE)
_API_TOKEN = re.compile(r"\brl_[\w-]{20,}")


def mask(text: str) -> str:
    for secret in (_SECRET, _LISTS, _STOP, _FEED):
        text = secret.sub(r"\1***", text)
    return _API_TOKEN.sub("rl_***", _CALENDAR.sub(r"\1***", text))


class MaskingFormatter(logging.Formatter):
    """Masks the finished line: a secret may stand in the message, or in the traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))
