"""The same queries find the same things on either database: what they find is written down.

`SHORTLIST_WRITE_GOLDEN=1 pytest tests/fulltext/test_catalogue.py` writes it anew.
"""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from fulltext import engine, tokens
from fulltext.expressions import And, Word, leaves
from fulltext.registry import kind_named
from newsletter.models import Entry
from papers.models import Paper
from prizes.models import Prize
from tests.fulltext.queries import expression

GOLDEN = Path(__file__).parent / "golden" / "found.json"
QUERIES = {
    "paper": """
        robustness | robust | adversarial | "adversarial training" | "training adversarial"
        adversar* | adversarial -training | adversarial attack* | attack|defense | backdoor
        trojan|backdoor | "out of distribution" | out-of-distribution | ood | OOD detection
        anomaly | anomal* | calibration | calibrated | uncertainty | "distribution shift"
        hendrycks | author:hendrycks | author:"dan hendrycks" | title:hendrycks | author:hend*
        HENDRYCKS | Hëndrycks | steinhardt | author:steinhardt author:hendrycks | kolter
        venue:neurips | venue:icml robust | title:robust | title:"language models" | language
        "language models" | language model | model language | "large language models" | llm
        gpt | GPT-3 | gpt3 | pretraining | pre-training | pre-trained | fine-tuning | finetuning
        reward | "reward hacking" | reward -hacking | hack* | honest* | truthful | truthfulqa
        machine ethics | ethic* | moral | values | "human values" | align* | alignment
        transparency | interpret* | neuron* | neural | "neural networks" | network
        vision transformer | transform* | imagenet | imagenet-* | cifar-10 | cifar10 | dataset
        augment* | mixup | pixmix | certified | certif* -smooth* | smoothing | smooth*
        power | deception | decepti* | emergen* | emergent | scaling | scal* law* | agent*
        reinforcement learning | rl | safe rl | explor* | malware | cyber* | security
        forecasting | forecast* | decision mak* | game | text | question answering
        the | of the | the of and | "the" | -the | -robust | robust -the | 2022 | arxiv
        2303.08112 | arXiv:2303.08112 | arxiv.org/abs/2303.08112 | hendrycks2021what
        zzzzunknown | robust zzzzunknown | robust|zzzzunknown | 学习 | ru* | r* | * | - | %
        NEAR | near( | NOT robust | "AND" | AND | OR | title:* | robust* | rob* robust
    """,
    "entry": """
        robustness | adversarial | "language models" | openai | anthropic | deepmind | agent*
        machiavelli | "this paper" | the | hendrycks | interpretab* | -model | model -language
        benchmark | competition | prize* | workshop | course | safety | "ml safety" | trojan*
        evaluat* | dangerous capabilit* | deception|deceptive | robust|alignment|monitor
    """,
    "prize": """
        prize | competition | trojan | "trojan detection" | autocast | forecast* | grant*
        fellowship | nsf | neurips | moral | bug|bounty | safety | the | -prize | openai
    """,
}
# A misspelt query, and what the catalogue says instead.
MISSPELT = {
    "Hendryks": "hendrycks",
    "Hendricks": "hendrycks",
    "hendrikcs": "hendrycks",
    "Steinhart": "steinhardt",
    "adverserial": "adversarial",
    "robustnes": "robustness",
    "langauge": "language",
    "uncertanty": "uncertainty",
    "Költer": None,  # accents are no mistake
    "callibration": "calibration",
    "xqzwvk": None,
}
NAMES: dict[str, Callable[[], dict[int, str]]] = {
    "paper": lambda: dict(Paper.objects.values_list("pk", "citation_key")),
    "entry": lambda: {
        pk: f"{slug}#{anchor}"
        for pk, slug, anchor in Entry.objects.values_list("pk", "issue__slug", "anchor")
    },
    "prize": lambda: dict(Prize.objects.values_list("pk", "slug")),
}


def queries(kind: str) -> list[str]:
    lines = QUERIES[kind].strip().splitlines()
    return list(dict.fromkeys(part.strip() for line in lines for part in line.split(" | ")))


def found(kind: str) -> dict[str, list[str]]:
    visible = kind_named(kind).model.objects.visible_to(AnonymousUser())
    names = NAMES[kind]()
    matching = {
        query: visible.filter(engine.matching(kind, expression(query))) for query in queries(kind)
    }
    return {
        query: sorted(names[pk] for pk in rows.values_list("pk", flat=True))
        for query, rows in matching.items()
    }


@pytest.mark.parametrize("kind", list(QUERIES))
def test_a_query_finds_the_same_on_either_database(loaded, kind):
    golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    if os.environ.get("SHORTLIST_WRITE_GOLDEN"):
        golden[kind] = found(kind)
        GOLDEN.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")

    assert found(kind) == golden[kind]


def test_the_golden_file_holds_enough_queries_that_find_something():
    golden = json.loads(GOLDEN.read_text())

    assert sum(1 for found in golden.values() for keys in found.values() if keys) >= 100
    assert any(not keys for keys in golden["paper"].values())


def test_a_stemmer_that_is_off_for_queries_alone_is_noticed(loaded, monkeypatch):
    golden = json.loads(GOLDEN.read_text())
    monkeypatch.setattr(tokens, "stems", tokens.words)

    assert found("paper") != golden["paper"]


@pytest.mark.parametrize("kind", list(QUERIES))
def test_ranking_leaves_out_nothing_that_matches(loaded, kind):
    golden = json.loads(GOLDEN.read_text())[kind]
    visible = kind_named(kind).model.objects.visible_to(AnonymousUser())
    names = NAMES[kind]()

    for query in list(golden)[::6]:
        ranking = engine.ranked(kind, expression(query), visible)
        assert sorted(names[key] for key in ranking.keys) == golden[query], query
        assert ranking.total == len(golden[query])
        assert ranking.is_exact


def test_the_paper_comes_first_whose_exact_title_is_searched(loaded):
    visible = Paper.objects.visible_to(AnonymousUser())

    for paper in visible:
        words = And(tuple(map(Word, paper.title.upper().split())))
        best = engine.ranked("paper", words, visible).keys[0]
        assert visible.get(pk=best).title.casefold() == paper.title.casefold()


@pytest.mark.parametrize(("written", "meant"), MISSPELT.items())
def test_misspelt_titles_and_authors_are_corrected(loaded, written, meant):
    visible = Paper.objects.visible_to(AnonymousUser())

    corrected = engine.corrections([Word(written)], [("paper", visible)])
    assert corrected == ({Word(written): Word(meant)} if meant else {})


def test_misspelt_words_are_corrected_in_entries_and_within_longer_queries(loaded):
    visible = Entry.objects.visible_to(AnonymousUser())
    query = expression("the machiaveli benchmark -robust")

    corrected = engine.corrections(leaves(query), [("entry", visible)])

    assert corrected == {Word("machiaveli"): Word("machiavelli")}
    assert visible.filter(engine.matching("entry", expression("machiavelli benchmark"))).exists()


def test_the_index_of_loaded_fixtures_is_in_step(loaded):
    call_command("rebuild_search", "--check", stdout=io.StringIO())
