"""What an import changes, beside those who change the same rows meanwhile."""

import pytest

from imports.effects import Effect
from papers.models import Paper
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


def test_nothing_is_written_over_what_others_wrote_or_locked_since_it_was_read():
    """As PostgreSQL lets them, while an import reads on."""
    edited, locked, free = (PaperFactory(title=f"{n}", venue=None) for n in range(3))
    effect = Effect("import")
    for paper in (edited, locked, free):
        effect.change(paper, venue="By machine", abstract="By machine")
    effect.change(free, title="By machine")
    Paper.objects.filter(pk=edited.pk).update(venue="By hand", title="By hand")
    Paper.objects.filter(pk=locked.pk).update(locked_fields=["venue"])
    effect.save_changes(Paper)

    for paper in (edited, locked, free):
        in_memory = (paper.title, paper.venue, paper.abstract)
        paper.refresh_from_db()
        assert (paper.title, paper.venue, paper.abstract) == in_memory
    assert (edited.title, edited.venue, edited.abstract) == ("By hand", "By hand", "By machine")
    assert (locked.venue, locked.abstract) == (None, "By machine")
    assert (free.title, free.venue) == ("By machine", "By machine")

    before = effect.as_json()["before"]["papers.paper"]
    assert before[str(edited.pk)] == before[str(locked.pk)] == {"abstract": None}
    assert before[str(free.pk)] == {"title": "2", "venue": None, "abstract": None}


def test_what_is_gone_is_not_brought_back():
    paper = PaperFactory()
    effect = Effect("import")
    effect.change(paper, venue="By machine")
    Paper.objects.filter(pk=paper.pk).delete()
    effect.save_changes(Paper)
    assert not Paper.history.filter(id=paper.pk, venue="By machine").exists()
