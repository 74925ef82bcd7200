"""How often somebody may have a file read as a list: the largest take ten seconds."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.throttling import RateState, count

READINGS = (30, 600)  # in so many seconds; looking at a file and importing it are two


def noted_reading(user: Any) -> RateState:
    return count(f"list-import:{user.pk}", *READINGS)


class ReadingPace(BaseThrottle):
    def allow_request(self, request: Request, view: object) -> bool:
        self.state = noted_reading(request.user)
        return not self.state.is_over

    def wait(self) -> float:
        return self.state.resets_in
