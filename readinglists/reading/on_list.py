"""What of a list's page is its reader's own: where they are with each paper, how far with the list,
what is new to them, and how they follow it."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404

from readinglists.access import Access
from readinglists.copying import Origin, origin_column
from readinglists.following.news import News
from readinglists.following.panel import Panel, following_columns, panel_of
from readinglists.models import Item, ReadingList, ReadingState
from readinglists.reading.progress import UNREAD, Progress, progress_column

# By which a reader can choose items of a list.
CHOICES = [(value, label.lower()) for value, label in ReadingState.State.choices]
CHOICES += [(UNREAD, "not noted")]


@dataclass(frozen=True, slots=True)
class Mark:
    """Of one item."""

    may_note: bool
    state: str | None = None
    is_new: bool = False
    new_notes: int = 0

    @property
    def states(self) -> list[tuple[str, str]]:
        return ReadingState.State.choices


@dataclass(frozen=True, slots=True)
class OwnView:
    follow: Panel
    progress: Progress | None = None
    chosen: str = ""  # state
    copied_from: Origin | None = None

    @property
    def news(self) -> News:
        return self.follow.news or News()

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [("", "all"), *CHOICES]

    def mark(self, item: Item, *, is_paper: bool, state: str | None) -> Mark:
        """`is_paper` says that it is one which the reader may see."""
        return Mark(
            may_note=is_paper and self.progress is not None,
            state=state if is_paper else None,
            is_new=item.pk in self.news.items,
            new_notes=self.news.noted.get(item.pk, 0),
        )


def chosen_state(text: str, user: Any) -> str:
    """A state to choose items by; none of a stranger's, and nothing by another word."""
    known = {value for value, _ in CHOICES}
    return text if user.is_authenticated and text in known else ""


def own_view(access: Access, chosen: str = "") -> OwnView:
    """In one query, and two more for a follower to whom something may be new."""
    reading_list, user = access.reading_list, access.standing.user
    columns = following_columns(access)
    if user.is_authenticated:
        columns["progress"] = progress_column(reading_list, user)
    if reading_list.forked_from_id:
        columns["origin"] = origin_column(reading_list, user)
    rows: Any = ReadingList.objects.filter(pk=reading_list.pk).values(**columns)
    found = get_object_or_404(rows)
    progress, origin = found.get("progress"), found.get("origin")
    return OwnView(
        follow=panel_of(access, found),
        progress=Progress.of(progress) if progress else None,
        chosen=chosen,
        copied_from=Origin.of(reading_list, origin) if origin else None,
    )
