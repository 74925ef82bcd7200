"""What a merge of two papers does to lists and to where readers are with them."""

from curation.journal import Journal
from papers.models import Paper
from readinglists.models import ReadingState

# How far a reader is, from the first state to the last.
ORDER = [state.value for state in ReadingState.State]


def move_states(duplicate: Paper, into: Paper, journal: Journal) -> None:
    """A reader who was with both papers is where they were further; the other state is kept.

    (A list that holds both keeps both items, each with its notes: lists are their owners', and
    what stands on them is not a maintainer's to take away.)
    """
    there = {state.user_id: state for state in ReadingState.objects.filter(paper=into)}
    for state in ReadingState.objects.filter(paper=duplicate).order_by("pk"):
        other = there.get(state.user_id)
        if other is None:
            journal.change([state], paper_id=into.pk)
        elif ORDER.index(state.state) > ORDER.index(other.state):
            journal.change([other], state=state.state, on=state.on, updated_at=state.updated_at)
