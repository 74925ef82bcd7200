"""Which papers are suggested as one work, and at what cost."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from papers.duplicates import dismiss, look_again, look_at_all
from papers.duplicates import finding as finding_module
from papers.duplicates.judging import Work, families_of, judge
from papers.duplicates.titles import blocks_of, is_same, likeness
from papers.models import DuplicateSuggestion, Paper, TitleBlock
from papers.signals import same_work_found
from papers.tasks import suggest_duplicates
from tests.factories import AuthorshipFactory, IdentifierFactory, PaperFactory, UserFactory

LENS = "Eliciting Latent Predictions from Transformers with the Tuned Lens"
FORUM = "https://{}/posts/abcdefghijklmnopq"


def work(title: str, names: str = "", **known) -> Work:
    kind, year = known.pop("kind", "paper"), known.pop("year", None)
    ids = {scheme: frozenset([value]) for scheme, value in known.items()}
    return Work(1, kind, (title,), year, families_of(filter(None, names.split(";"))), ids)


class TestJudging:
    @pytest.mark.parametrize(
        ("one", "other", "reason"),
        [
            (work(LENS, "Nora Belrose"), work(LENS.upper(), "Belrose, N."), "same_title"),
            (
                work("Multi-task Learning", "Ada L"),
                work("Multitask learning", "Ada L"),
                "same_title",
            ),
            (
                work(LENS, "Nora Belrose", arxiv="2303.08112"),
                work(LENS, "Nora Belrose;Ada L", doi="10.1/x"),
                "preprint",
            ),
            (
                work(LENS, "Nora Belrose", arxiv="2303.08112"),
                work(LENS.replace("Latent", "the Latent"), "Nora Belrose", openreview="abcdef"),
                "preprint",
            ),
            (
                work("On this", kind="post", url=FORUM.format("lesswrong.com")),
                work("On this", kind="post", url=FORUM.format("alignmentforum.org")),
                "cross_post",
            ),
            (work(LENS), work(LENS, "Nora Belrose"), "same_title"),
            (work(LENS, "Nora Belrose"), work(f"{LENS}: a study", "Nora Belrose"), "similar_title"),
            (
                work(LENS, "Nora Belrose"),
                work(LENS.replace("nt", "tn"), "Belrose"),
                "similar_title",
            ),
            (work(LENS, "أبو بكر الرازي"), work(LENS, "أبو بكر الرازي"), "same_title"),
        ],
    )
    def test_what_may_be_one_work_is_found_with_its_reason(self, one, other, reason):
        found = judge(one, other)
        assert found is not None
        assert found.reason == reason
        assert 0.5 <= found.score <= 1
        assert judge(other, one) == found

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (work(LENS, "Nora Belrose"), work(LENS, "Ada Lovelace")),
            (work("GPT-3 technical report", "Ada L"), work("GPT-4 technical report", "Ada L")),
            (work("A treatise, part II", "Ada L"), work("A treatise, part III", "Ada L")),
            (work("Introduction"), work("Introduction")),
            (work(LENS, "Nora Belrose"), work(LENS, "Nora Belrose", kind="code")),
            (work(LENS, "Nora Belrose"), work("Another subject altogether", "Nora Belrose")),
            (work("Learning: one way", "Ada L"), work("Learning: another way", "Ada L")),
            (work("", "Ada L"), work("…", "Ada L")),
            (
                work("Report on the state of it", "Ada L", year=2010, arxiv="1001.00001"),
                work("Report on the state of it", "Ada L", year=2020, arxiv="2001.00001"),
            ),
        ],
    )
    def test_what_only_looks_alike_is_not(self, one, other):
        assert judge(one, other) is None

    @given(st.text(max_size=80), st.text(max_size=80))
    def test_any_two_texts_can_be_compared_either_way_round(self, one, other):
        assert likeness(one, other) == likeness(other, one)
        assert is_same(one, other) == is_same(other, one)
        assert all(-(2**63) <= block < 2**63 for block in blocks_of([one, other]))

    @given(st.lists(st.text("abcdefgh", min_size=3, max_size=9), min_size=4, max_size=9))
    def test_a_slip_in_one_word_leaves_a_block_to_be_found_by(self, words):
        half = len(words) // 2
        middle = [*words[:half], "slip", *words[half:]]
        assert blocks_of([" ".join(words)]) & blocks_of([" ".join(middle)])


@pytest.mark.django_db
class TestSuggesting:
    @pytest.fixture
    def twins(self) -> list[Paper]:
        twins = [PaperFactory(title=title) for title in (LENS, LENS.lower())]
        for paper in twins:
            AuthorshipFactory(paper=paper, name_as_printed="Nora Belrose")
            IdentifierFactory(paper=paper)
        finding_module.file_blocks([paper.pk for paper in twins])
        return twins

    def test_twins_are_suggested_once_however_often_one_looks(self, twins):
        PaperFactory(title="Another paper altogether")
        for _ in range(2):
            look_again([twins[1].pk])
            look_again(paper.pk for paper in twins)
        row = DuplicateSuggestion.objects.get()
        assert (row.paper, row.other) == tuple(twins)
        assert row.reason == "same_title"
        assert "1 author in common" in row.evidence

    def test_all_papers_are_compared_by_the_command_with_the_same_result(self, twins):
        told = StringIO()
        call_command("suggest_duplicates", stdout=told)
        assert "1 pairs" in told.getvalue()
        values = ("paper", "other", "reason", "score", "evidence")
        by_all = list(DuplicateSuggestion.objects.values(*values))
        DuplicateSuggestion.objects.all().delete()
        look_again(paper.pk for paper in twins)
        assert list(DuplicateSuggestion.objects.values(*values)) == by_all

    def test_what_was_dismissed_stays_so(self, twins):
        look_again([twins[0].pk])
        dismiss(twins[1], twins[0], by=UserFactory())
        look_again([twins[0].pk])
        look_at_all()
        same_work_found.send(sender=Paper, paper=twins[1], other=twins[0], evidence="a record")
        assert DuplicateSuggestion.objects.get().state == "dismissed"
        assert not DuplicateSuggestion.objects.waiting().exists()

    def test_what_no_longer_holds_is_forgotten_but_not_what_a_record_said(self, twins):
        third = PaperFactory()
        same_work_found.send(sender=Paper, paper=third, other=twins[0], evidence="a record")
        look_again([twins[0].pk])
        assert DuplicateSuggestion.objects.count() == 2
        Paper.objects.filter(pk=twins[0].pk).update(title="A title of its own now")
        look_again([twins[0].pk])
        row = DuplicateSuggestion.objects.get()
        assert (row.reason, row.evidence) == ("identifier", "a record")

    def test_a_merged_paper_is_compared_with_nothing(self, twins):
        Paper.objects.filter(pk=twins[0].pk).update(merged_into=PaperFactory())
        look_again(paper.pk for paper in twins)
        look_at_all()
        assert not DuplicateSuggestion.objects.exists()

    def test_words_that_many_share_cost_nothing(self, twins, monkeypatch):
        monkeypatch.setattr(finding_module, "MOST_IN_BLOCK", 3)
        compared = []
        monkeypatch.setattr(
            finding_module, "judge", lambda one, other: compared.append((one.pk, other.pk))
        )
        for number in range(5):
            PaperFactory(title=f"Deep learning of thing{number} beyond all {number} measures")
        finding_module.file_blocks(list(Paper.objects.values_list("pk", flat=True)))
        look_again(Paper.objects.values_list("pk", flat=True))
        assert compared == [(twins[0].pk, twins[1].pk)]
        compared.clear()
        look_at_all()
        assert compared == [(twins[0].pk, twins[1].pk)]

    def test_blocks_follow_the_titles_and_the_work_does_not_grow(self, twins):
        assert set(TitleBlock.objects.values_list("block", flat=True)) == blocks_of([LENS])
        Paper.objects.filter(pk=twins[0].pk).update(title="A title of its own")
        look_again([twins[0].pk])
        blocks = twins[0].title_blocks.values_list("block", flat=True)
        assert set(blocks) == blocks_of(["A title of its own"])

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                look_again(Paper.objects.values_list("pk", flat=True))
            return len(queries)

        Paper.objects.filter(pk=twins[0].pk).update(title=LENS)
        few = cost()
        for number in range(30):
            AuthorshipFactory(paper=PaperFactory(title=f"{LENS} {number}"))
        cost()  # writes their blocks
        assert cost() <= few

    def test_papers_written_in_bulk_are_looked_at_in_the_night(self, twins):
        TitleBlock.objects.all().delete()
        suggest_duplicates.enqueue()
        assert DuplicateSuggestion.objects.waiting().count() == 1
        with CaptureQueriesContext(connection) as queries:
            suggest_duplicates.enqueue()
        assert len([q for q in queries if "papers_" in q["sql"]]) == 1

    def test_full_and_small_looks_go_on_past_one_batch(self, twins, monkeypatch):
        for name in ("BATCH", "PAIRS_AT_ONCE", "ROWS_AT_ONCE"):
            monkeypatch.setattr(finding_module, name, 1)
        look_at_all()
        assert DuplicateSuggestion.objects.count() == 1
        DuplicateSuggestion.objects.all().delete()
        look_again(paper.pk for paper in twins)
        assert DuplicateSuggestion.objects.count() == 1
