"""The index follows what changes, in the transaction that changes it."""

import io

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from api.changes import record
from fulltext import ranking, rebuilding, registry
from fulltext.engine import matching, ranked
from fulltext.expressions import Not, Word
from fulltext.indexing import gathering
from fulltext.models import Document, Term
from markup.images import figure_html
from newsletter.models import Entry
from papers.models import Authorship, Identifier, Paper
from prizes.models import Deadline, Prize
from prizes.searching import documents as prize_documents
from tests.factories import (
    AnnouncementFactory,
    AuthorshipFactory,
    DeadlineFactory,
    EntryFactory,
    IdentifierFactory,
    IssueFactory,
    PaperFactory,
    PrizeFactory,
)

WORDS = ("robust", "learning", "Hendrycks", "naïve", "机器", "pre-training", "the", "")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


def differences() -> list[str]:
    return [found.told for found in rebuilding.check(lambda count: None) if found]


def finds(word: str, model=Paper) -> bool:
    kind = model._meta.model_name
    return model.objects.filter(matching(kind, Word(word))).exists()


@pytest.mark.django_db
class TestInStep:
    def test_a_paper_is_found_from_the_moment_it_is_saved_until_it_is_deleted(self):
        paper = PaperFactory(title="Robust learning")
        assert finds("robust")

        paper.title = "Something else"
        paper.save()
        assert not finds("robust")
        assert finds("something")

        paper.delete()
        assert not finds("something")
        assert not Document.objects.exists()

    def test_parts_of_a_paper_are_found(self):
        authorship = AuthorshipFactory(name_as_printed="Dan Hendrycks")
        assert finds("hendrycks")

        authorship.delete()
        assert not finds("hendrycks")

    def test_what_is_taken_back_is_not_found(self):
        with transaction.atomic():
            PaperFactory(title="Robust learning")
            transaction.set_rollback(True)

        assert not finds("robust")
        assert differences() == []

    def test_a_merged_paper_is_found_by_what_it_was_merged_into(self):
        kept, merged = PaperFactory(title="Robust learning"), PaperFactory(title="Twofold")
        merged.merged_into = kept
        merged.save()

        assert not finds("twofold")
        assert differences() == []

    def test_entries_and_prizes_are_found(self):
        figure = figure_html("https://cdn.example/x.png", caption="How they ring")
        EntryFactory(headline="Robust headline", html=f"<p>Said of <b>anvils</b></p>{figure}")
        prize = PrizeFactory(name="A prize", organiser="Hendrycks")

        assert finds("robust", Entry)
        assert finds("anvils", Entry)
        assert finds("ring", Entry)
        assert not finds("cdn", Entry)
        assert finds("hendrycks", Prize)
        prize.delete()
        assert not finds("hendrycks", Prize)

    def test_a_prize_is_found_by_its_deadlines_label(self):
        deadline = DeadlineFactory(label="Hatching round")
        assert finds("hatching", Prize)

        deadline.label = "Next round"
        deadline.save()
        assert not finds("hatching", Prize)
        deadline.delete()
        assert differences() == []

    def test_what_only_a_hidden_issue_tells_of_a_prize_finds_nothing(self):
        issue = IssueFactory()
        deadline = DeadlineFactory(label="Hatching round")
        AnnouncementFactory(prize=deadline.prize, deadline=deadline, issue=issue)
        issue.is_hidden = True
        issue.save()
        record("deadline", [deadline.pk], "updated")

        assert "Hatching round" not in next(iter(prize_documents([deadline.prize_id]))).body
        assert not finds("hatching", Prize)

    def test_changes_of_what_cannot_be_searched_are_no_concern(self):
        record("paper", ["no number", -3, 2**62], "updated")
        record("topic", [1], "updated")

        assert differences() == []


@pytest.mark.django_db
def test_things_whose_keys_are_no_numbers_are_given_some(monkeypatch):
    def build(keys):
        for deadline in Deadline.objects.filter(pk__in=keys):
            yield registry.Document(key=deadline.pk, title=(deadline.label,))

    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register(registry.Kind("deadline", 999, Deadline, build))
    first, second = DeadlineFactory(label="Robust round"), DeadlineFactory(label="Robust round")
    unlike = DeadlineFactory(label="Another")

    assert list(ranked("deadline", Word("robust"), Deadline.objects.all()).keys) == [
        second.pk,
        first.pk,
    ]
    assert set(Deadline.objects.filter(matching("deadline", Not(Word("robust"))))) == {unlike}
    monkeypatch.setattr(ranking, "MOST_RANKED", 1)
    assert Deadline.objects.filter(matching("deadline", Word("robust"))).count() == 2
    first.delete()
    assert list(ranked("deadline", Word("robust"), Deadline.objects.all()).keys) == [second.pk]
    assert differences() == []


@pytest.mark.django_db
class TestGathering:
    def test_bulk_work_is_indexed_once_at_its_end(self):
        with transaction.atomic(), gathering():
            papers = Paper.objects.bulk_create(
                PaperFactory.build(title=f"Robust {number}") for number in range(3)
            )
            record("paper", [paper.pk for paper in papers], "created")
            with gathering():
                record("paper", [papers[0].pk], "updated")
            assert not finds("robust")

        assert finds("robust")
        assert differences() == []

    def test_bulk_work_that_fails_indexes_nothing(self):
        def fail() -> None:
            with transaction.atomic(), gathering():
                PaperFactory(title="Robust")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert not Document.objects.exists()

    def test_words_of_bulk_work_are_counted(self):
        PaperFactory(title="Robust")
        with transaction.atomic(), gathering():
            PaperFactory.create_batch(3, title="Robust learning")

        assert Term.objects.get(word="robust").documents == 4
        assert Term.objects.get(word="learning").in_titles == 3


@pytest.mark.django_db
class TestRebuilding:
    def check(self) -> tuple[int, str]:
        out = io.StringIO()
        try:
            call_command("rebuild_search", "--check", stdout=out, stderr=out)
        except SystemExit as end:
            return end.code, out.getvalue()
        return 0, out.getvalue()

    def test_the_check_says_what_differs(self):
        paper = PaperFactory(title="Robust learning")
        assert self.check()[0] == 0

        Paper.objects.filter(pk=paper.pk).update(title="Changed behind the index")
        code, told = self.check()

        assert code == 1
        assert f"1 missing or stale, 0 of nothing (such as {paper.pk})" in told

    def test_a_rebuild_brings_all_in_step(self):
        stale, gone = PaperFactory(title="Robust learning"), PaperFactory(title="Gone")
        missing = PaperFactory(title="Missing")
        Paper.objects.filter(pk=stale.pk).update(title="Changed behind the index")
        Paper.objects.filter(pk=gone.pk)._raw_delete("default")
        Document.objects.filter(id__endswith=missing.pk).delete()
        Term.objects.create(word="untrue", stem="untru", in_titles=9)

        call_command("rebuild_search", stdout=io.StringIO())

        assert self.check()[0] == 0
        assert finds("changed")
        assert not finds("robust")
        assert not Term.objects.filter(word__in=["untrue", "robust", "gone"]).exists()
        assert Term.objects.get(word="missing").documents == 1

    def test_where_nothing_is_indexed_the_system_check_says_so(self):
        PaperFactory()
        Document.objects.all().delete()
        out = io.StringIO()

        call_command("check", "--database", "default", stdout=out, stderr=out)

        assert "shortlist.W003" in out.getvalue()

    def test_an_index_without_documents_holds_nothing(self):
        PaperFactory(title="Robust learning")
        Document.objects.all().delete()

        assert not finds("robust")
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO fulltext_index(fulltext_index) VALUES ('integrity-check')"
                )


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's index has no pieces")
def test_many_at_once_are_written_as_one_piece():
    """FTS5 writes a piece whenever a number does not come behind the last one."""
    before = pieces()
    with transaction.atomic(), gathering():
        for number in range(40):
            PaperFactory(title=f"Robust learning {number}")

    assert len(pieces() - before) == 1


def pieces() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT segid FROM fulltext_index_idx")
        return {number for (number,) in cursor.fetchall()}


class RandomEditsTests(TestCase):
    @given(edits=st.lists(st.tuples(st.integers(0, 6), TEXTS), min_size=1, max_size=8))
    def test_after_any_edits_the_index_is_what_a_rebuild_makes(self, edits):
        for act, text in edits:
            paper = Paper.objects.order_by("?").first() or PaperFactory(title="Start")
            match act:
                case 0:
                    PaperFactory(title=text.strip() or "Untitled")
                case 1:
                    Paper.objects.filter(pk=paper.pk).delete()
                case 2:
                    paper.title = text.strip() or "Untitled"
                    paper.abstract = text
                    paper.save()
                case 3:
                    place = paper.authorships.count()
                    AuthorshipFactory(paper=paper, position=place, name_as_printed=text)
                case 4:
                    Authorship.objects.filter(paper=paper).delete()
                case 5:
                    number = Identifier.objects.count()
                    IdentifierFactory(paper=paper, scheme="doi", value=f"10.1000/{number}{text}")
                case 6:
                    with transaction.atomic(), gathering():
                        Paper.objects.filter(pk=paper.pk).update(venue=text)
                        record("paper", [paper.pk], "updated")
        assert differences() == []
