"""What may go wrong between us and a service. No message names an address or says what it held."""

from datetime import datetime


class ServiceError(Exception):
    """A service could not be asked, or did not answer as documented."""


class Unavailable(ServiceError):
    """For now: it is asked again at a later time."""

    def __init__(self, message: str, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Nonsense(ServiceError):
    """An answer that is not what the service documents; asking at once again is of no use."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class TurnedOff(Exception):
    """This site asks no services (`ENRICH=off`)."""
