import json
from pathlib import Path

import pytest

from papers.citation_keys import mint_key
from papers.identifiers import Identifier, identify
from papers.metadata import load_metadata

SOURCES = Path(__file__).parents[2] / "fixtures" / "sources"
RECORD = {
    "id_type": "arxiv", "id": "2101.00001", "kind": "paper", "url_in_newsletter": [], "issues": [],
    "title": "One", "alt_titles": [], "authors": ["Jane Doe", "nan"], "year": 2021, "venue": None,
    "code_url": None, "related_ids": [], "source": "a list", "confidence": "verified",
    "notes": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def metadata():
    return load_metadata(SOURCES / "paper_metadata.json")


@pytest.fixture
def load(tmp_path):
    def write_and_load(*changes):
        path = tmp_path / "metadata.json"
        path.write_text(json.dumps([RECORD | change for change in changes]), "utf-8")
        return load_metadata(path)

    return write_and_load


def test_the_catalogue_has_148_works_136_of_them_papers(metadata):
    assert len(metadata.works) == 148
    assert sum(work.kind == "paper" for work in metadata.works) == 136


def test_every_address_an_issue_links_leads_to_its_work(metadata):
    for work in metadata.works:
        assert all(metadata.find(url) is work for url in work.urls_in_newsletter)


def test_twins_of_one_title_are_joined_without_a_question(metadata):
    work = metadata.find("openreview:LbOdQrnOb2q")

    assert work is metadata.find("arxiv:2206.15474")
    assert work.title == "Forecasting Future World Events with Neural Networks"
    assert work.code_url == "https://github.com/andyzoujm/autocast"
    assert not work.needs_review


def test_twins_of_two_titles_are_joined_for_review(metadata):
    work = metadata.find("openreview:TW7d65uYu5M")

    assert work is metadata.find("arxiv:2202.01197")
    assert work.alternative_titles == (
        "Towards Unknown-aware Learning with Virtual Outlier Synthesis",
    )
    assert work.needs_review
    assert "titles differ" in work.review_note
    assert [w for w in metadata.works if w.needs_review] == [work]


def test_a_repository_and_its_paper_are_two_works(metadata):
    code = metadata.find("https://github.com/Jingkang50/OpenOOD")
    paper = metadata.find("openreview:gT6j4_tskUt")

    assert (code.kind, paper.kind) == ("code", "paper")
    assert code.related == ("openreview:gT6j4_tskUt",)


def test_works_nobody_could_look_up_keep_the_newsletters_words(metadata):
    unknown = [work for work in metadata.works if work.title_source == "newsletter"]

    assert {work.identifiers[0].scheme for work in unknown} == {"openreview", "url"}
    assert [(work.kind, work.title) for work in unknown] == [("paper", None), *[("post", None)] * 3]


def test_hints_are_not_identifiers(metadata):
    assert metadata.find("arxiv:2210.07242") is None
    assert "arxiv:2210.07242" in metadata.find("openreview:gT6j4_tskUt").related


def test_every_work_gets_a_key_of_its_own(metadata):
    taken: set[str] = set()
    for work in metadata.works:
        taken.add(mint_key(work.authors, work.year, work.title, taken))

    assert len(taken) == 148
    assert "hendrycks2021jiminy" in taken


def test_names_that_are_none_are_left_out(load):
    assert load({}).works[0].authors == ("Jane Doe",)


def test_a_one_sided_hint_joins_nothing(load):
    found = load({}, {"id": "2101.00002", "related_ids": ["arxiv:2101.00001"]})

    assert [work.identifiers for work in found.works] == [
        (Identifier("arxiv", "2101.00001"),),
        (Identifier("arxiv", "2101.00002"),),
    ]


def test_three_records_of_one_work_become_one(load):
    ids = ["2101.00001", "2101.00002", "2101.00003"]
    related = {ids[0]: [ids[1]], ids[1]: [ids[0], ids[2]], ids[2]: [ids[1]]}
    found = load(*({"id": i, "related_ids": [f"arxiv:{r}" for r in related[i]]} for i in ids))

    assert len(found.works) == 1
    assert len(found.works[0].identifiers) == 3


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([{"kind": "poem"}], "record 1: unknown kind 'poem'"),
        ([{"confidence": "sure"}], "unknown confidence"),
        ([{"title": None}], "a verified record has a title"),
        ([{"id": "nothing"}], "no identifier in arxiv 'nothing'"),
        ([{"id_type": "isbn"}], "record 1: 'isbn'"),
        ([{}, {"id": "2101.00001v2"}], "more than one record"),
    ],
)
def test_a_wrong_record_is_named(load, changes, reason):
    with pytest.raises(ValueError, match=reason):
        load(*changes)


def test_editors_notes_are_about_links_of_known_works(metadata):
    notes = json.loads((SOURCES / "editor_notes.json").read_text("utf-8"))

    assert [(note["issue"], note["label"]) for note in notes] == [
        ("ml-safety-newsletter-9", "proof of learning"),
        ("ml-safety-newsletter-7", "Link"),
    ]
    assert all(metadata.find(identify(note["url"])) and note["note"] for note in notes)
