"""What papers can be searched by in the query language."""

from fulltext.query.fields import (
    KindField,
    ParameterField,
    TextField,
    register_kind,
    said,
    years_as_numbers,
    years_said,
)
from fulltext.registry import TITLE
from papers.filters import PaperFilter

TOPIC = ParameterField("topic", said("filed under {}"), "alignment")
TITLE_WORDS = TextField("title", said("with “{}” in the title"), "robustness", TITLE)
KIND = KindField("kind", said("of the kind {}"), "report")


# Names of a work, in any spelling.
IDENTIFIERS = [
    ParameterField("arxiv", said("with the arXiv id {}"), "2303.08112"),
    ParameterField("doi", said("with the DOI {}"), "10.1145/3287560.3287596"),
    ParameterField("openreview", said("with the OpenReview id {}"), "H1VyHY9gg"),
    ParameterField("url", said("at {}"), "https://arxiv.org/abs/2303.08112"),
]


def register() -> None:
    years = years_as_numbers("year_min", "year_max")
    fields = [
        TOPIC,
        TITLE_WORDS,
        KIND,
        ParameterField("author", said("by {}"), "hendrycks"),
        ParameterField("venue", said("published at {}"), "neurips"),
        ParameterField("year", years_said, "2021..2023", years),
        ParameterField("issue", said("told of in the issue {}"), "ml-safety-newsletter-9"),
        *IDENTIFIERS,
    ]
    register_kind("paper", "papers", PaperFilter, fields)
