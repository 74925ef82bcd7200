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
from readinglists.repeating import notes_on_entries, repeating, said_in


def register() -> None:
    registry.register(Kind("list", 4, ReadingList, list_documents))
    follows = {"entry": notes_on_entries}
    registry.register(Kind("note", 5, Note, note_documents, follows=follows))
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
        (pk, said)
        for pk, *said in ListSection.objects.filter(
            reading_list__in=keys, reading_list__deleted_at=None, deleted_at=None
        )
        .order_by("reading_list", "position")
        .values_list("reading_list", "title", "prose_html")
    )
    lists = ReadingList.objects.filter(pk__in=keys, deleted_at=None)
    for pk, title, html in lists.values_list("pk", "title", "description_html"):
        yield list_document(pk, title, html, sections.get(pk, []))


def list_document(
    key: object, title: str, html: str, sections: Iterable[Sequence[str | None]]
) -> Document:
    """`sections` are titles and prose."""
    body = [plain_text(html)]
    for heading, prose in sections:
        body += [heading or "", plain_text(prose or "")]
    return Document(key=key, title=(title,), body=[text for text in body if text])


def note_documents(keys: Sequence[object]) -> Iterator[Document]:
    """What only repeats an entry is found with the entry, once."""
    notes = list(
        Note.objects.filter(pk__in=keys, deleted_at=None)
        .select_related("item")
        .only("audience", "html", "item__paper", "item__entry", "item__prize")
    )
    repeated = repeating(notes)
    for note in notes:
        if note.pk not in repeated:
            yield note_document(note.pk, note.html)


def note_document(key: object, html: str) -> Document:
    return Document(key=key, body=(said_in(html),))


def _kind_of(sender: Any) -> str:
    return "note" if sender is Note else "list"


def _loaded(sender, instance, raw: bool = False, **kwargs) -> None:
    """By `loaddata`, which writes no history; all other writes say themselves what they did."""
    if raw and indexing.is_gathering():
        indexing.note(_kind_of(sender), [instance.pk])


def _gone(sender, instance, **kwargs) -> None:
    indexing.note(_kind_of(sender), [instance.pk])
