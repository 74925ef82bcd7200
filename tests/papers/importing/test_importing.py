"""From references to papers: found, filed, completed, taken back."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.models import Change
from fulltext import indexing
from fulltext.models import Document
from imports.models import ImportRow
from imports.undo import undo
from papers.importing import Choice, Options, from_text, import_papers, look
from papers.importing import undo as undoing
from papers.models import Author, Authorship, CitationKeyAlias, Identifier, Paper
from papers.signals import paper_wants_completion
from readinglists.models import Item
from tests import factories
from tests.readinglists.making import make_list, put_on

BIB = """@article{mykey, title={A Title of Some Length}, author={Doe, Jane and Roe, Ann},
 year={2020}, month={3}, journal={Journal}, doi={10.1000/x}, abstract={Words.}, annote={Mine}}
"""


def outcomes(result) -> list[tuple[str, str]]:
    return list(result.run.rows.order_by("pk").values_list("outcome", "reason"))


def _elsewhere(act: Callable[[], object]) -> None:
    """In a transaction of another connection, that ends at once."""

    def run() -> None:
        act()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive()


def everything() -> dict[str, list]:
    """All rows of the catalogue, but for the moment of their last change."""
    models = (Paper, Identifier, Author, Authorship, CitationKeyAlias)
    return {
        model.__name__: sorted(
            repr(sorted((k, str(v)) for k, v in model_to_dict(row).items()))
            for row in model.objects.all()
        )
        for model in models
    }


class TestFiling:
    def test_a_reference_becomes_a_paper_with_all_it_says(self, take):
        take(BIB)

        paper = Paper.objects.get()
        assert (paper.title, paper.title_source) == ("A Title of Some Length", "official")
        assert (paper.published, paper.venue, paper.abstract) == ("2020-03", "Journal", "Words.")
        assert paper.citation_key == "doe2020title"
        assert [a.name_as_printed for a in paper.authorships.all()] == ["Jane Doe", "Ann Roe"]
        assert [str(i) for i in paper.identifiers.all()] == ["doi:10.1000/x"]
        assert paper.url == "https://doi.org/10.1000/x"
        assert paper.key_aliases.get().key == "mykey"
        assert paper.history.get().history_change_reason.startswith("import ")
        assert paper.sources["fields"]["venue"]["line"] == 1

    def test_the_row_keeps_the_record_its_notes_and_what_it_became(self, take):
        result = take(BIB)

        row = ImportRow.objects.get()
        assert bytes(row.raw).decode() == BIB.strip()
        assert row.effect["notes"] == ["Mine"]
        assert (row.kind, row.key) == ("paper", str(Paper.objects.get().pk))
        assert result.run.counts == {"created": 1}

    def test_a_note_is_not_shown_to_readers(self, take):
        take(BIB)

        assert Paper.objects.get().editor_note is None

    def test_a_key_of_our_form_is_taken_as_it_is_and_a_taken_one_minted_anew(self, take):
        take("@misc{doe2019other, title={T and more}, year={2020}}")
        take("@misc{doe2019other, title={Something else}, year={2021}}")

        assert set(Paper.objects.values_list("citation_key", flat=True)) == {
            "doe2019other",
            "anon2021something",
        }

    def test_twenty_papers_of_one_base_get_letters(self, take):
        take(
            "".join(
                f"@misc{{k{n}, title={{Alignment {n} xy}}, author={{A Doe}}, year=19{n}0}}\n"
                for n in range(3)
            )
            + "".join(
                f"@misc{{m{n}, title={{Alignment of {n} kinds}}, author={{A Doe}}, year=2020}}\n"
                for n in range(20)
            )
        )

        keys = set(Paper.objects.values_list("citation_key", flat=True))
        assert len(keys) == 23
        assert {"doe2020alignment", "doe2020alignmenta", "doe2020alignments"} <= keys

    def test_an_identifier_alone_waits_for_its_record(self, take):
        asked = []

        def receiver(sender, papers, **kwargs):
            asked.extend(papers)

        paper_wants_completion.connect(receiver)
        try:
            take("arXiv:1706.03762")
        finally:
            paper_wants_completion.disconnect(receiver)

        paper = Paper.objects.get()
        assert (paper.title, paper.title_source) == (
            "https://arxiv.org/abs/1706.03762",
            "link_text",
        )
        assert paper.needs_review
        assert asked == [paper.pk]

    def test_topics_and_orcids(self, take):
        topic = factories.TopicFactory(name="Robustness", slug="robustness")
        take(
            '[{"title": "T", "keyword": "robustness, other", "author": '
            '[{"family": "Doe", "given": "Jane", "ORCID": "0000-0002-1825-0097"}]}]'
        )

        paper = Paper.objects.get()
        assert [*paper.topics.all()] == [topic]
        assert paper.authors.get().orcid == "0000-0002-1825-0097"

    def test_changes_are_recorded(self, take):
        before = Change.objects.count()
        take(BIB)

        assert [(c.kind, c.verb) for c in Change.objects.all()[before:]] == [("paper", "created")]

    def test_bookmarks_of_other_places_are_left_unless_asked_for(self, take):
        text = (
            "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p>"
            '<DT><A HREF="https://www.example.org/blog">A blog</A></DL>'
        )

        assert [outcome for outcome, _ in outcomes(take(text))] == ["skipped"]
        assert [o for o, _ in outcomes(take(text, options=Options(True)))] == ["created"]


class TestMatching:
    def test_the_same_file_again_changes_nothing(self, take):
        text = BIB + "@misc{a, title={No Author Here}}\n@misc{b, eprint={1706.03762}}\n"
        take(text)
        before = everything()

        assert [outcome for outcome, _ in outcomes(take(text))] == ["unchanged"] * 3
        assert everything() == before

    def test_only_what_is_empty_and_unlocked_is_filled(self, take):
        paper = factories.PaperFactory(
            title="Own title", venue=None, abstract="Own.", published_year=2020,
            locked_fields=["url"], url=None,
        )  # fmt: skip
        factories.IdentifierFactory(paper=paper, scheme="doi", value="10.1000/x")

        assert outcomes(take(BIB))[0][0] == "updated"
        paper.refresh_from_db()
        assert (paper.title, paper.abstract, paper.url) == ("Own title", "Own.", None)
        assert (paper.venue, paper.published) == ("Journal", "2020-03")
        assert paper.sources["fields"].keys() == {"venue", "published", "authors"}
        assert paper.authorships.count() == 2

    def test_a_links_words_give_way_to_the_title(self, take):
        paper = factories.PaperFactory(title="this paper", title_source="link_text")
        factories.IdentifierFactory(paper=paper, scheme="doi", value="10.1000/x")
        take(BIB)

        paper.refresh_from_db()
        assert (paper.title, paper.title_source) == ("A Title of Some Length", "official")
        assert paper.alternative_titles == ["this paper"]

    @pytest.mark.parametrize(
        ("author", "year", "outcome"),
        [
            ("Doe, Jane", 2021, "updated"),
            ("Doe, Jane", 2010, "created"),
            ("Other, Ann", 2020, "created"),
        ],
    )
    def test_title_and_first_author_make_a_likely_duplicate(self, take, author, year, outcome):
        paper = factories.PaperFactory(title="A title of some length", published_year=2020)
        factories.AuthorshipFactory(paper=paper, position=0, name_as_printed="J. Doe")
        about = f"author={{{author}}}, year={year}, doi={{10.1000/y}}"
        text = f"@misc{{a, title={{A {{T}}itle of some length.}}, {about}}}"

        assert outcomes(take(text))[0][0] == outcome
        if author == "Doe, Jane" and outcome == "created":
            assert Paper.objects.get(citation_key__startswith="doe").needs_review

    def test_an_address_with_another_title_is_filed_to_review(self, take):
        paper = factories.PaperFactory(title="One", title_source="official")
        factories.IdentifierFactory(paper=paper, scheme="url", value="https://x.org/volume")
        take("@misc{a, title={Quite another}, url={https://x.org/volume}}")

        new = Paper.objects.exclude(pk=paper.pk).get()
        assert new.needs_review
        assert not new.identifiers.exists()

    def test_a_merged_paper_leads_to_what_stands(self, take):
        standing = factories.PaperFactory(title="Stands")
        gone = factories.PaperFactory(merged_into=standing)
        factories.IdentifierFactory(paper=gone, scheme="doi", value="10.1000/x")
        take(BIB)

        assert ImportRow.objects.get().key == str(standing.pk)

    def test_the_same_work_twice_in_a_file_is_filed_once(self, take):
        text = (
            BIB
            + "@misc{b, title={Other name}, doi={10.1000/X}}\n"
            + ("@misc{c, title={A title of some length}, author={Jane Doe}}")
        )

        assert [o for o, _ in outcomes(take(text))] == ["created", "duplicate", "duplicate"]

    @pytest.mark.parametrize(
        ("choice", "papers", "outcome"),
        [(Choice.SKIP, 1, "skipped"), (Choice.CREATE, 2, "created"), (Choice.MERGE, 1, "updated")],
    )
    def test_what_was_decided_is_done(self, take, choice, papers, outcome):
        paper = factories.PaperFactory(title="Own")
        factories.IdentifierFactory(paper=paper, scheme="doi", value="10.1000/x")

        assert outcomes(take(BIB, choices={1: choice}))[0][0] == outcome
        assert Paper.objects.count() == papers


class TestLooking:
    def test_it_says_what_an_import_does_and_writes_nothing(self, db):
        source = from_text("x", BIB + "@misc{broken, title={No end")
        with CaptureQueriesContext(connection) as queries:
            looked = look([source])
        assert not [q for q in queries if not q["sql"].startswith("SELECT")]

        assert looked.counts == import_papers([source]).counts

    def test_queries_do_not_grow_with_records(self, db):
        def count(number: int) -> int:
            text = "".join(
                f"@misc{{k{number}x{n}, title={{Title {n} of {number}}}, author={{A{n} B}}, "
                f"doi={{10.1000/{number}.{n}}}}}\n"
                for n in range(number)
            )
            source = from_text("x", text)
            with CaptureQueriesContext(connection) as queries:
                import_papers([source])
            return len(queries)

        count(2)
        assert count(60) <= count(3) + 4


class TestUndo:
    def test_it_restores_every_row(self, take):
        paper = factories.PaperFactory(title="Own", venue=None, sources={"record": ["x"]})
        factories.IdentifierFactory(paper=paper, scheme="doi", value="10.1000/x")
        before = everything()
        result = take(BIB + "@misc{b, title={A new one}, author={New, Name}}\n1706.03762")

        assert everything() != before
        assert undo(result.run).stay == []
        assert everything() == before

    def test_what_goes_leaves_the_index_at_once_not_part_by_part(self, take, monkeypatch):
        index, indexed = indexing.index, []
        monkeypatch.setattr(
            indexing, "index", lambda *args, **options: indexed.append(args) or index(*args)
        )
        result = take(
            "".join(
                BIB.replace("mykey, title={A", f"k{n}, doi={{10.1/{n}}}, title={{{n}")
                for n in "abc"
            )
        )
        indexed.clear()
        assert undo(result.run).taken_back == 3
        assert len(indexed) == 1
        assert not Document.objects.exists()

    def test_what_somebody_built_on_stays_and_is_named(self, take):
        result = take(BIB + "@misc{b, title={A new one}}")
        paper = Paper.objects.get(title="A new one")
        factories.LinkFactory(paper=paper)

        undone = undo(result.run)
        assert [*Paper.objects.all()] == [paper]
        assert "“A new one” is used by link" in undone.stay[0][1]

    @pytest.mark.skipif(connection.vendor == "sqlite", reason="has one writer at a time")
    @pytest.mark.django_db(transaction=True)
    def test_what_is_put_on_a_list_at_the_last_moment_stays_and_the_rest_goes(
        self, take, monkeypatch
    ):
        result = take(BIB + "@misc{b, title={A new one}}")
        made, paper = make_list(), Paper.objects.get(title="A new one")

        class Overtaken(undoing.Collector):
            def delete(self):
                if not Item.objects.exists():
                    _elsewhere(lambda: put_on(made, paper))
                return super().delete()

        monkeypatch.setattr(undoing, "Collector", Overtaken)
        undone = undo(result.run)
        assert [*Paper.objects.all()] == [paper]
        assert undone.taken_back == 1
        assert "“A new one” is used by" in undone.stay[0][1]

    def test_what_somebody_changed_stays(self, take):
        result = take(BIB)
        paper = Paper.objects.get()
        paper.venue = "Mine"
        paper.save()

        assert undo(result.run).stay[0][1].endswith("was changed since")

    @settings(max_examples=10, suppress_health_check=list(HealthCheck), deadline=None)
    @given(titles=st.lists(st.text("abcdé {}\\$#%&_-", min_size=1, max_size=20), max_size=6))
    def test_any_import_can_be_taken_back(self, db, titles):
        text = "".join(f"TY  - JOUR\nTI  - {t}\nAU  - {t}, X\nER  - \n" for t in titles)
        before = everything()
        undo(import_papers([from_text("x", text)]).run)

        assert everything() == before
