"""What services say becomes a paper's own where it may, with its source, and nowhere else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from api.models import Change
from papers.cataloguing import UNVERIFIED
from papers.enrichment import completing
from papers.enrichment.runs import complete_papers
from papers.models import Author, Completion, Identifier, Paper
from papers.signals import same_work_found
from tests import factories
from tests.papers.enrichment.loopback import arxiv_entry, crossref_work, openalex_work

ARXIV, DOI = "2103.04689", "10.1000/xyz123"
TITLE = "On the Lines of a Program"
HOPPER, LOVELACE = "0000-0002-1825-0097", "0000-0001-5109-3700"

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(services) -> Paper:
    """One of which no more is known than the newsletter's words and an arXiv id."""
    paper = factories.PaperFactory(
        title="a paper about lines",
        title_source=Paper.TitleSource.NEWSLETTER,
        needs_review=True,
        review_note=UNVERIFIED,
    )
    factories.IdentifierFactory(paper=paper, value=ARXIV)
    return paper


@pytest.fixture
def known(services) -> None:
    """The work as all three services have it."""
    services.arxiv[ARXIV] = arxiv_entry(ARXIV, TITLE, doi=DOI)
    services.crossref[DOI] = crossref_work(DOI, TITLE)
    services.openalex[DOI] = openalex_work(DOI, TITLE)


def complete(paper: Paper, **options):
    (result,) = complete_papers([paper.pk], **options)
    paper.refresh_from_db()
    return result


def with_doi(**fields) -> Paper:
    paper = factories.PaperFactory(**({"title": TITLE} | fields))
    factories.IdentifierFactory(paper=paper, scheme="doi", value=DOI)
    return paper


class TestCompleting:
    def test_a_paper_known_by_its_id_alone_becomes_whole(self, paper, known, services):
        result = complete(paper)

        assert result.outcome == "completed"
        assert (paper.title, paper.title_source) == (TITLE, "official")
        assert paper.alternative_titles == ["a paper about lines"]
        assert paper.published == "2021-03-07"
        assert paper.venue == "Proceedings of a & b"
        assert paper.abstract == "We show it. And more."
        assert paper.url == f"https://arxiv.org/abs/{ARXIV}"
        assert paper.pdf_url == f"https://arxiv.org/pdf/{ARXIV}"
        assert {str(i) for i in paper.identifiers.all()} == {f"arxiv:{ARXIV}", f"doi:{DOI}"}
        written = paper.authorships.values_list("name_as_printed", "author__orcid")
        assert list(written) == [("Grace Hopper", HOPPER), ("Ada Lovelace", LOVELACE)]
        assert (paper.needs_review, paper.review_note) == (False, None)
        assert len(services.asked) == 3

    def test_every_value_names_its_source_and_what_was_asked(self, paper, known):
        complete(paper)
        noted = paper.sources["fields"]

        assert {name: note["source"] for name, note in noted.items()} == {
            "title": "arxiv",
            "authors": "arxiv",
            "published": "arxiv",
            "abstract": "arxiv",
            "identifiers": "arxiv",
            "venue": "crossref",
            "orcid": "openalex",
        }
        assert noted["title"]["asked"] == f"arxiv:{ARXIV}"
        assert noted["venue"]["asked"] == f"doi:{DOI}"
        assert noted["venue"]["at"].endswith("Z")

    def test_it_leaves_its_history_and_a_change(self, paper, known):
        Change.objects.all().delete()
        complete(paper)

        before, after = paper.history.order_by("history_date", "history_id")
        assert after.history_change_reason == "completed from arXiv, Crossref, OpenAlex"
        assert before.title == "a paper about lines"
        assert Change.objects.filter(kind="paper", key=str(paper.pk), verb="updated").exists()

    def test_a_second_time_changes_nothing(self, paper, known):
        complete(paper)
        rows = paper.history.count()
        updated_at = paper.updated_at

        assert complete(paper).outcome == "unchanged"
        assert paper.history.count() == rows
        assert paper.updated_at == updated_at

    def test_a_dry_run_tells_and_saves_nothing(self, paper, known):
        result = complete(paper, save=False)

        assert ("title", "a paper about lines", TITLE) in result.changes.made
        assert paper.title == "a paper about lines"
        assert not paper.authorships.exists()
        assert not Completion.objects.exists()

    def test_what_fails_on_the_way_leaves_nothing_behind(self, paper, known, monkeypatch):
        def fail(self):
            raise IntegrityError("in the middle")

        monkeypatch.setattr(completing.Completing, "_addresses", fail)

        with pytest.raises(IntegrityError):
            complete(paper)
        assert not paper.authorships.exists()
        assert paper.identifiers.count() == 1


LOCKS = {
    "title": ["title"],
    "abstract": ["abstract"],
    "venue": ["venue"],
    "published_month": ["published_year", "published_month", "published_day"],
    "url": ["url"],
    "pdf_url": ["pdf_url"],
    "alternative_titles": ["alternative_titles"],
    "retraction_note": ["retraction_note", "retraction_url"],
}


class TestLocks:
    @pytest.fixture
    def retracted(self, known, services) -> None:
        services.crossref[DOI]["updated-by"] = [{"DOI": "10.1000/n", "type": "retraction"}]

    @pytest.mark.parametrize("lock", LOCKS)
    def test_a_locked_field_stays(self, paper, retracted, lock):
        paper.locked_fields = [lock]
        paper.save()
        before = {name: getattr(paper, name) for name in LOCKS[lock]}
        complete(paper)

        assert {name: getattr(paper, name) for name in LOCKS[lock]} == before

    def test_without_locks_all_of_them_would_change(self, paper, retracted):
        before = {name: getattr(paper, name) for names in LOCKS.values() for name in names}
        complete(paper)

        assert all(getattr(paper, name) != value for name, value in before.items())

    @pytest.mark.parametrize("lock", ["authorships", "identifiers"])
    def test_rows_beside_the_paper_stay(self, paper, known, lock):
        paper.locked_fields = [lock]
        paper.save()
        before = list(getattr(paper, lock).values())
        complete(paper)

        assert list(getattr(paper, lock).values()) == before


class TestWhatStands:
    def test_an_official_title_is_not_replaced_by_another(self, services):
        paper = with_doi(title="The Lines of a Program", sources={"record": ["a list"]})
        services.crossref[DOI] = crossref_work(DOI, TITLE)
        complete(paper)

        assert paper.title == "The Lines of a Program"
        assert paper.alternative_titles == [TITLE]
        assert paper.sources["record"] == ["a list"]
        (conflict,) = paper.sources["conflicts"]
        assert (conflict["field"], conflict["ours"], conflict["theirs"]) == (
            "title",
            "The Lines of a Program",
            TITLE,
        )
        assert paper.needs_review
        assert TITLE in paper.review_note

    def test_a_conflict_is_told_once(self, services):
        paper = with_doi(title="The Lines of a Program")
        services.crossref[DOI] = crossref_work(DOI, TITLE)
        complete(paper)
        Paper.objects.filter(pk=paper.pk).update(needs_review=False, review_note=None)

        assert complete(paper).outcome == "unchanged"
        assert not paper.needs_review

    def test_case_and_punctuation_are_no_conflict(self, services):
        paper = with_doi(title="On the lines of a program.")
        services.crossref[DOI] = crossref_work(DOI, TITLE)
        complete(paper)

        assert paper.title == "On the lines of a program."
        assert "conflicts" not in paper.sources

    def test_a_retitled_paper_keeps_its_former_title(self, paper, known, services):
        complete(paper)
        services.arxiv[ARXIV] = arxiv_entry(ARXIV, "All About Lines", doi=DOI)
        complete(paper, max_age=timedelta(0))

        assert paper.title == "All About Lines"
        assert TITLE in paper.alternative_titles
        assert "conflicts" not in paper.sources

    def test_a_better_source_replaces_a_worse_one_but_not_the_reverse(self, services):
        paper = with_doi()
        services.openalex[DOI] = openalex_work(DOI, TITLE)
        complete(paper)
        assert (paper.venue, paper.abstract) == ("Journal of Things", "We show it. We do.")

        services.crossref[DOI] = crossref_work(DOI, TITLE)
        complete(paper, max_age=timedelta(0))
        assert paper.venue == "Proceedings of a & b"
        assert paper.sources["fields"]["venue"]["source"] == "crossref"

        del services.crossref[DOI]
        complete(paper, max_age=timedelta(0))
        assert paper.venue == "Proceedings of a & b"

    @pytest.mark.parametrize(
        ("ours", "after", "is_conflict"),
        [
            ((2022, None, None), "2022-06", False),
            ((2022, 6, 5), "2022-06-05", False),
            ((2022, 5, None), "2022-05", False),
            ((2021, None, None), "2021", True),
            ((None, None, None), "2022-06", False),
        ],
    )
    def test_a_date_is_made_more_precise_never_another(self, services, ours, after, is_conflict):
        year, month, day = ours
        paper = with_doi(published_year=year, published_month=month, published_day=day)
        services.crossref[DOI] = crossref_work(DOI, TITLE)
        complete(paper)

        assert paper.published == after
        assert ("conflicts" in paper.sources) is is_conflict

    def test_names_cut_short_are_filled_up_and_others_kept(self, services):
        services.crossref[DOI] = crossref_work(DOI, TITLE)
        short, other = with_doi(), factories.PaperFactory(title=TITLE)
        factories.AuthorshipFactory(
            paper=short,
            author=factories.AuthorFactory(name="G. Hopper"),
            name_as_printed="G. Hopper",
        )
        complete(short)
        assert [a.name_as_printed for a in short.authorships.order_by("position")] == [
            "Grace Hopper",
            "Ada Lovelace",
        ]

        Identifier.objects.filter(paper=short).update(paper=other)
        for name in ("Alan Turing", "Grace Hopper"):
            factories.AuthorshipFactory(
                paper=other,
                author=Author.objects.get_or_create(name=name, orcid=None)[0],
                name_as_printed=name,
            )
        complete(other)
        assert [a.name_as_printed for a in other.authorships.order_by("position")] == [
            "Alan Turing",
            "Grace Hopper",
        ]
        assert other.sources["conflicts"][0]["field"] == "authors"

    def test_who_shares_a_name_gets_no_orcid_with_it(self, services):
        namesake = factories.AuthorFactory(name="Grace Hopper")
        paper, elsewhere = with_doi(), factories.AuthorshipFactory(author=namesake)
        services.crossref[DOI] = crossref_work(DOI, TITLE)
        complete(paper)

        namesake.refresh_from_db()
        elsewhere.refresh_from_db()
        assert (namesake.orcid, elsewhere.author) == (None, namesake)
        assert paper.authorships.get(position=0).author.orcid == HOPPER

    def test_a_record_of_another_work_is_not_believed(self, paper, services):
        services.arxiv[ARXIV] = arxiv_entry(ARXIV, TITLE, doi=DOI)
        stranger = [{"given": "Alan", "family": "Turing", "ORCID": f"https://orcid.org/{HOPPER}"}]
        services.crossref[DOI] = crossref_work(DOI, "Morphogenesis of Flowers", author=stranger)
        complete(paper)

        assert paper.venue is None
        assert "Morphogenesis of Flowers" not in paper.alternative_titles
        assert paper.needs_review
        assert paper.sources["conflicts"][0]["theirs"] == "Morphogenesis of Flowers"


class TestVersions:
    def test_a_published_version_that_stands_apart_is_suggested_for_merging(self, paper, known):
        other = factories.PaperFactory(title=TITLE)
        factories.IdentifierFactory(paper=other, scheme="doi", value=DOI)
        told = []

        def listen(sender, paper, other, evidence, **kwargs):
            told.append((paper.pk, other.pk, evidence))

        same_work_found.connect(listen)
        try:
            complete(paper)
        finally:
            same_work_found.disconnect(listen)

        assert (paper.pk, other.pk, f"arXiv names doi:{DOI} for arxiv:{ARXIV}") in told
        assert paper.identifiers.count() == 1
        assert f"paper {other.pk}" in paper.review_note

    def test_the_preprint_of_a_published_paper_is_added(self, services):
        paper = with_doi()
        relation = {"has-preprint": [{"id-type": "arxiv", "id": ARXIV}]}
        services.crossref[DOI] = crossref_work(DOI, TITLE, relation=relation)
        complete(paper)

        assert paper.identifiers.filter(scheme="arxiv", value=ARXIV).exists()
        assert paper.pdf_url == f"https://arxiv.org/pdf/{ARXIV}"


class TestRetractions:
    def test_a_retraction_is_noted_with_who_says_so(self, services):
        paper = with_doi()
        notice = {"DOI": "10.1000/notice", "type": "retraction", "source": "publisher"}
        services.crossref[DOI] = crossref_work(DOI, TITLE, **{"updated-by": [notice]})
        complete(paper)

        assert paper.is_retracted
        assert paper.retraction_note == "Retraction, told by its publisher."
        assert paper.retraction_url == "https://doi.org/10.1000/notice"

    def test_what_is_told_at_second_hand_is_for_a_maintainer_to_look_at(self, services):
        paper = with_doi()
        services.openalex[DOI] = openalex_work(DOI, TITLE, is_retracted=True)
        complete(paper)

        assert not paper.is_retracted
        assert paper.needs_review


class TestOutcomes:
    def test_nobody_knows_it(self, paper):
        assert complete(paper).outcome == "not_found"
        assert paper.completion.state == "done"

    def test_there_is_nothing_to_ask(self, services):
        paper = factories.PaperFactory()

        assert complete(paper).outcome == "nothing_to_ask"
        assert services.asked == []

    def test_one_service_away_leaves_what_the_others_say(self, paper, known, services):
        services.instead["crossref"] = lambda handler: (503, {"Retry-After": "3600"}, b"")
        result = complete(paper)

        assert result.outcome == "postponed"
        assert (paper.title, paper.venue) == (TITLE, "Journal of Things")
        completion = paper.completion
        assert completion.state == "waiting"
        assert completion.next_try_at > timezone.now() + timedelta(minutes=59)
        assert completion.detail == "Crossref answered 503"

    def test_nonsense_is_tried_again_a_few_times_and_given_up(self, paper, services):
        services.instead["arxiv"] = lambda h: (200, {"Content-Type": "text/html"}, b"<p>Hello</p>")
        for tries in range(1, 6):
            assert complete(paper).outcome == "failed"
            assert paper.completion.tries == tries
        assert paper.completion.state == "done"
        assert paper.completion.detail == "arXiv answered in another format"
        assert paper.title == "a paper about lines"

    def test_a_merged_paper_is_left_alone(self, paper, known):
        paper.merged_into = factories.PaperFactory()
        paper.save()

        assert list(complete_papers([paper.pk])) == []

    def test_many_papers_are_asked_for_at_once(self, services):
        papers = []
        for number in range(12):
            paper = factories.PaperFactory(title_source="link_text")
            value = f"2103.{number:05d}"
            factories.IdentifierFactory(paper=paper, value=value)
            services.arxiv[value] = arxiv_entry(value, f"Number {number} of many")
            papers.append(paper.pk)
        results = list(complete_papers(papers))

        assert [result.outcome for result in results] == ["completed"] * 12
        assert len(services.asked_of("arxiv")) == 1

    def test_an_id_that_arxiv_refuses_spoils_no_others(self, services):
        def picky(handler):
            return (400, {}, b"") if "2103.00003" in handler.path else services.reply(handler.path)

        services.instead["arxiv"] = picky
        papers = []
        for number in range(5):
            papers.append(factories.IdentifierFactory(value=f"2103.{number:05d}").paper_id)
            services.arxiv[f"2103.{number:05d}"] = arxiv_entry(
                f"2103.{number:05d}", f"Title {number}"
            )
        Paper.objects.update(title_source="link_text")

        outcomes = [result.outcome for result in complete_papers(papers)]
        assert outcomes == ["completed"] * 3 + ["failed"] + ["completed"]
