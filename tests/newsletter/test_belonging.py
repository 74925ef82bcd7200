import pytest

from newsletter.belonging import NoIssue, belongs_to, language_of, new_publication
from newsletter.models import Publication
from newsletter.records import read_record
from tests.newsletter.lines import record

STURDY = Publication(pk=1, slug="sturdy-newsletter", name="Sturdy", source="sturdy_newsletter")
KNOWN = {"sturdy_newsletter": STURDY}


def of(chosen=None, known=KNOWN, **fields):
    return belongs_to(read_record(record(**fields)), known, chosen)


def test_a_known_source_decides_whatever_else_the_record_looks_like():
    assert of(title="No number", karma=5, source_type="pdf") == STURDY
    assert of(source="blogs", initial_source="sturdy_newsletter") == STURDY


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"source": "lesswrong", "source_type": "GreaterWrong"}, "a forum post"),
        ({"source": "alignmentforum", "title": "Newsletter #9"}, "a forum post"),
        ({"source": "some_blog", "title": "How to think", "karma": 12}, "a forum post"),
        ({"source": "arxiv"}, "a paper"),
        ({"source": "some_blog", "abstract": "We show …"}, "a paper"),
        ({"source": "youtube"}, "a transcript"),
        ({"source": "interviews", "source_type": "audio-transcript"}, "a transcript"),
        ({"source": "special_docs", "source_type": "pdf"}, "a paper"),
        ({"source": "alignment_newsletter", "opinion": "I like it"}, "an item of a newsletter"),
        ({"source": "some_blog", "title": "How to think"}, "no sign of one"),
        ({"source": "blogs", "title": "Letters #9"}, "it names no source"),
        ({"source": None, "title": "Letters #9"}, "it names no source"),
        ({"text": None}, "no text"),
        ({"source": "other_newsletter", "text": "  "}, "no text"),
    ],
)
def test_what_is_no_newsletter_issue_is_skipped_with_the_reason(fields, reason):
    verdict = of(**fields)

    assert isinstance(verdict, NoIssue)
    assert reason.removeprefix("an ").removeprefix("a ") in verdict.reason


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "tidepool_letters", "title": "Tidepool Letters #12"},
        {"source": "blogs", "initial_source": "harbour_daily", "title": "Tuesday"},
        {"source": "import_ai", "title": "Import AI 319: sovereign models"},
        {"source": "city_notes", "title": "City notes, May 2023"},
        {"source": "city_newsletter", "title": "City notes", "karma": 12, "words": 900},
        {"source": "city_notes", "title": "What I read last week"},
        {"source": "city_notes", "title": "Notes", "url": "https://city.substack.com/p/notes"},
    ],
)
def test_signs_of_a_newsletter_make_a_new_publication(fields):
    verdict = of(**fields)

    assert isinstance(verdict, Publication)
    assert verdict.pk is None
    assert verdict.source == fields.get("initial_source", fields["source"])


class TestChosen:
    def test_takes_what_has_no_sign_of_anything(self):
        assert of(chosen=STURDY, source="some_blog", title="How to think") == STURDY

    def test_does_not_take_a_forum_post(self):
        assert isinstance(of(chosen=STURDY, source="lesswrong"), NoIssue)

    def test_does_not_take_another_publication_s_issue(self):
        other = Publication(pk=2, slug="other", name="Other", source="other")

        verdict = of(chosen=other)

        assert verdict == NoIssue("an issue of Sturdy, not of Other")

    def test_may_be_new_and_then_carries_the_slug_asked_for(self):
        verdict = of(chosen=Publication(slug="city"), source="blogs", title="City notes #3")

        assert (verdict.slug, verdict.source, verdict.name) == ("city", "city", "City notes")


def test_a_new_publication_tells_what_its_first_record_tells():
    found = new_publication(
        read_record(record(source="import_ai", title="Import AI 319: x", text="نشرة السلامة")),
        "import_ai",
    )

    assert (found.slug, found.name) == ("import-ai", "Import AI")
    assert found.url == "https://sturdy.example.org/"
    assert found.authors == ["Ada Example"]
    assert found.language == "und-Arab"


def test_the_language_is_told_by_script_only():
    assert language_of("Plain words") == "en"
    assert language_of("Привет, мир") == "und-Cyrl"
    assert language_of("123 …") == "en"
