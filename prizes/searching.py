"""What of a prize can be searched."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.signals import post_delete

from fulltext import registry
from fulltext.indexing import note
from fulltext.registry import Document, Kind
from prizes.models import Announcement, Award, Deadline, Prize, PrizeMention
from prizes.models.prizes import IN_THE_OPEN


def register() -> None:
    follows = {
        "deadline": partial(_prizes_of, Deadline, "pk"),
        "issue": partial(_prizes_of, PrizeMention, "issue"),
        "publication": partial(_prizes_of, PrizeMention, "issue__publication"),
    }
    registry.register(Kind("prize", 3, Prize, documents, follows))
    post_delete.connect(_deadline_deleted, sender=Deadline, dispatch_uid="search-deadline-gone")


def documents(keys: Sequence[object]) -> Iterator[Document]:
    """Merged prizes are found by what they were merged into."""
    labels = _by_prize(deadlines_in_the_open().filter(prize__in=keys), "label")
    awards = _by_prize(awards_in_the_open().filter(prize__in=keys), "label")
    prizes = Prize._base_manager.filter(pk__in=keys, merged_into=None)
    for pk, name, organiser, description in prizes.values_list(
        "pk", "name", "organiser", "description"
    ):
        yield document(pk, name, organiser, [description, *labels.get(pk, ()), *awards.get(pk, ())])


def document(key: int, name: str, organiser: str | None, texts: Iterable[str | None]) -> Document:
    return Document(
        key=key,
        title=(name,),
        author=(organiser,) if organiser else (),
        body=[text for text in texts if text],
    )


# What only hidden issues tell of a prize must not be found by anybody else.
def deadlines_in_the_open() -> models.QuerySet:
    return Deadline.objects.visible_to(AnonymousUser())


def awards_in_the_open() -> models.QuerySet:
    told = Announcement._base_manager.filter(award=models.OuterRef("pk"))
    in_the_open = models.Exists(told.filter(IN_THE_OPEN)) | ~models.Exists(told)
    return Award._base_manager.filter(in_the_open)


def _prizes_of(model: type[models.Model], path: str, keys: Sequence[object]) -> list[object]:
    rows = model._base_manager.filter(**{f"{path}__in": keys})
    return list(rows.order_by("prize").values_list("prize", flat=True).distinct())


def _deadline_deleted(sender, instance: Deadline, **kwargs) -> None:
    note("prize", [instance.prize_id])


def _by_prize(rows, field: str) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = {}
    for prize, text in rows.order_by("prize", "pk").values_list("prize", field):
        grouped.setdefault(prize, []).append(text)
    return grouped
