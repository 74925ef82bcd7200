"""One connection to the mail server for a whole run, and what its failures mean."""

import smtplib
from typing import Any, Self

from django.core.mail import EmailMessage, mailers

# The server said no to it: it certainly did not go out.
_REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
)


class NotSent(Exception):
    """The mail did not go out. Any other error leaves open whether it did."""


class Outbox:
    """Opened at the first mail, again after an error, closed at the end."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def send(self, message: EmailMessage) -> None:
        try:
            if self._connection is None:
                self._connection = mailers.default
                self._connection.open()
        except Exception as error:
            self._connection = None
            raise NotSent(f"The mail server cannot be reached: {error}") from error
        try:
            self._connection.send_messages([message])
        except _REFUSALS as error:
            self._close()
            raise NotSent(str(error)) from error
        except Exception:
            self._close()
            raise

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, smtplib.SMTPException):
                return  # it is gone either way
