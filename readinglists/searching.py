"""What of lists and notes can be searched. Who may find it is asked with every search, of
`ReadingList.objects.listed_for` and `rights.listed_notes`; the index holds all of them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models.signals import post_delete, post_save

from api.resources import grouped
from fulltext import indexing, registry
from fulltext.registry import Document, Kind
from markup.plain import plain_text
from readinglists.models import ListSection, Note, ReadingList

_CREDIT = "\n\n— "


def register() -> None:
    registry.register(Kind("list", 4, ReadingList, list_documents))
    registry.register(Kind("note", 5, Note, note_documents))
    for model, kind in ((ReadingList, "list"), (Note, "note")):
        uid = f"search-{kind}"
        post_save.connect(_loaded, sender=model, dispatch_uid=f"{uid}-loaded")
        post_delete.connect(_gone, sender=model, dispatch_uid=f"{uid}-gone")


def index_notes(keys: Iterable[Any]) -> None:
    """To be called in the transaction that writes notes: what is said of a list's change is enough
    to index the list, but of private notes nothing is said."""
    indexing.note("note", list(keys))


def list_documents(keys: Sequence[object]) -> Iterator[Document]:
    sections = grouped(
        (pk, text)
        for pk, title, html in ListSection.objects.filter(
            reading_list__in=keys, reading_list__deleted_at=None, deleted_at=None
        )
        .order_by("reading_list", "position")
        .values_list("reading_list", "title", "prose_html")
        for text in (title, plain_text(html))
        if text
    )
    lists = ReadingList.objects.filter(pk__in=keys, deleted_at=None)
    for pk, title, html in lists.values_list("pk", "title", "description_html"):
        body = [plain_text(html), *sections.get(pk, [])]
        yield Document(key=pk, title=(title,), body=[text for text in body if text])


def note_documents(keys: Sequence[object]) -> Iterator[Document]:
    notes = Note.objects.filter(pk__in=keys, deleted_at=None)
    for pk, html in notes.values_list("pk", "html"):
        yield Document(key=pk, body=(said_in(html),))


def said_in(html: str) -> str:
    """The words of a note. A last line that begins with a dash names whom it quotes: who looks for
    them looks for their works, not for all that cites them."""
    text = plain_text(html)
    return text.rpartition(_CREDIT)[0] or text


def _kind_of(sender: Any) -> str:
    return "note" if sender is Note else "list"


def _loaded(sender, instance, raw: bool = False, **kwargs) -> None:
    """By `loaddata`, which writes no history; all other writes say themselves what they did."""
    if raw and indexing.is_gathering():
        indexing.note(_kind_of(sender), [instance.pk])


def _gone(sender, instance, **kwargs) -> None:
    indexing.note(_kind_of(sender), [instance.pk])
