"""What of a list's page is its reader's own: where they are with each paper, how far with the list,
what is new to them, and how they follow it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from readinglists.access import Access
from readinglists.following.news import News
from readinglists.following.panel import Panel, panel_of
from readinglists.models import Item, ReadingState
from readinglists.reading.progress import UNREAD, Progress, progress_of
from readinglists.reading.states import states_of

# By which a reader can choose items of a list.
CHOICES = [(value, label.lower()) for value, label in ReadingState.State.choices]
CHOICES += [(UNREAD, "not noted")]


@dataclass(frozen=True, slots=True)
class Mark:
    """Of one item."""

    may_note: bool
    state: ReadingState | None = None
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
    states: Mapping[int, ReadingState] = field(default_factory=dict)

    @property
    def news(self) -> News:
        return self.follow.news or News()

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [("", "all"), *CHOICES]

    def mark(self, item: Item, *, is_paper: bool) -> Mark:
        """`is_paper` says that it is one which the reader may see."""
        return Mark(
            may_note=is_paper and self.progress is not None,
            state=self.states.get(item.paper_id) if is_paper and item.paper_id else None,
            is_new=item.pk in self.news.items,
            new_notes=self.news.noted.get(item.pk, 0),
        )


def chosen_state(text: str, user: Any) -> str:
    """A state to choose items by; none of a stranger's, and nothing by another word."""
    known = {value for value, _ in CHOICES}
    return text if user.is_authenticated and text in known else ""


def own_view(access: Access, items: Iterable[Item], chosen: str = "") -> OwnView:
    """For strangers one query, for others ten at most, however many items there are."""
    user = access.standing.user
    papers = [item.paper_id for item in items if item.paper_id]
    return OwnView(
        follow=panel_of(access),
        progress=progress_of(access.reading_list, user),
        chosen=chosen,
        states=states_of(user, papers),
    )
