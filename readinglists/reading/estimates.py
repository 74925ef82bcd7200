"""How long reading takes. Nothing tells the length of a work, so that its kind has to do: by what
its reader needs for one of that kind, or by what is usual."""

from typing import Any

from django.db.models import Case, IntegerField, Subquery, Sum, When
from django.db.models.functions import Coalesce

from papers.models import Paper
from readinglists.models import ReadingPace

LONG = {Paper.Kind.PAPER: "paper", Paper.Kind.REPORT: "report"}


def pace_of(user: Any) -> ReadingPace:
    """What a reader has said, or what is usual."""
    known = ReadingPace.objects.filter(user=user).first() if user.is_authenticated else None
    return known or ReadingPace()


def minutes_for(user: Any, kind: str = "paper__kind") -> Case:
    """The minutes of a row, by the column that holds its work's kind, as `pace_of` says."""
    whens = [When(**{kind: of}, then=_minutes(user, name)) for of, name in LONG.items()]
    return Case(*whens, default=_minutes(user, "shorter"), output_field=IntegerField())


def _minutes(user: Any, length: str) -> Coalesce:
    said = ReadingPace.objects.filter(user=user).values(length)
    return Coalesce(Subquery(said), getattr(ReadingPace(), length))


def total_minutes(user: Any, kind: str = "paper__kind", **of: Any) -> Coalesce:
    return Coalesce(Sum(minutes_for(user, kind), **of), 0)


def in_words(minutes: int) -> str:
    """About as exact as it is meant: "40 minutes", "3 hours", "about 52 hours"."""
    if minutes < 60:
        return f"{minutes} minute{'s' if minutes != 1 else ''}"
    hours = round(minutes / 60 * 2) / 2 if minutes < 600 else round(minutes / 60)
    number = f"{hours:g}".replace(".5", "½").replace("0½", "½")
    return f"about {number} hour{'s' if hours != 1 else ''}"
