"""What was done, with the button that takes it back (templates/_messages.html shows both)."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from readinglists.models import ListEvent


def say_done(request: HttpRequest, words: str, event: ListEvent | None) -> None:
    """Nothing is said of what changed nothing."""
    if event is not None:
        say_with(request, words, undo_path(event))


def say_with(request: HttpRequest, words: str, path: str) -> None:
    """`path` is where a POST takes it back."""
    messages.success(request, words, extra_tags=path)


def undo_path(event: ListEvent) -> str:
    about = {"pk": event.reading_list_id, "version": event.version}
    return reverse("readinglists:undo", kwargs=about)
