"""What a file says of one call: plain facts, with the line each stands in."""

import datetime as dt
from dataclasses import dataclass, field

from prizes.models import Precision


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in the file that could not be taken as it stands."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class CallDate:
    """One date as it is written: nothing is made more precise than it is."""

    kind: str  # of `Deadline.Kind`
    label: str
    line: int
    quote: str
    date: dt.date | None = None
    time: dt.time | None = None
    timezone: str | None = None  # IANA name or AoE
    precision: str = Precision.TBA
    is_cancelled: bool = False
    # The same date as it was before it was moved to this one.
    moved_from: "CallDate | None" = None


@dataclass(slots=True)
class Call:
    """A conference, workshop or prize that a tracker lists for one year."""

    name: str
    line: int
    website: str | None = None
    description: str | None = None
    organiser: str | None = None
    # What tells it apart in its own file: stays the same when names and dates change.
    key: str = ""
    dates: list[CallDate] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    raw: bytes = b""
