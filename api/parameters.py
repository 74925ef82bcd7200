"""The query string of a request: what it may hold, and how often."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time
from itertools import chain

from django.http import QueryDict

from api.errors import ParameterErrors

MAX_LENGTH = 1000


def mistakes_in(data: QueryDict, known: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Unknown, repeated and unfit parameters, as pairs of code and text.

    An empty value is the same as none, so that a form with empty fields gives a usable address.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for name, values in data.lists():
        if name not in known:
            shown = name[:60].replace("\x00", "\N{REPLACEMENT CHARACTER}")
            found[shown] = [("unknown", f"Unknown parameter. Known are: {_listed(known)}.")]
        elif len(values) > 1:
            found[name] = [("repeated", "This parameter may stand once only.")]
        elif "\x00" in values[0]:
            found[name] = [("null_character", "The character NUL is not allowed.")]
        elif len(values[0]) > MAX_LENGTH:
            found[name] = [("too_long", f"At most {MAX_LENGTH:,} characters.")]
    return found


def refuse_mistakes(data: QueryDict, *known: Iterable[str]) -> None:
    if mistakes := mistakes_in(data, frozenset(chain.from_iterable(known))):
        raise ParameterErrors(mistakes)


def read_number(data: QueryDict, name: str, default: int, *, lowest: int, highest: int) -> int:
    text = data.get(name)
    if not text:
        return default
    if text.isascii() and text.isdigit() and len(text) <= 18 and lowest <= int(text) <= highest:
        return int(text)
    raise ParameterErrors({name: [("invalid", f"A whole number from {lowest} to {highest:,}.")]})


def read_moment(text: str) -> datetime:
    """An instant, or the start of a day in UTC; ValueError for anything else."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    if "T" not in text.upper():
        raise ValueError(text)
    # The plus of an offset reaches us as a space unless it was written as %2B.
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def whole_number(text: str) -> int | None:
    """What a form's hidden field was sent with; None for what no row's number looks like."""
    is_one = text.isascii() and text.isdigit() and len(text) <= 18
    return int(text) if is_one else None
