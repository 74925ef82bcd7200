"""What each format's types are in our catalogue."""

from papers.models import Paper

Kind = Paper.Kind

_BIBTEX = {
    "techreport": Kind.REPORT,
    "report": Kind.REPORT,
    "manual": Kind.REPORT,
    "standard": Kind.REPORT,
    "online": Kind.POST,
    "electronic": Kind.POST,
    "www": Kind.POST,
    "webpage": Kind.POST,
    "dataset": Kind.DATASET,
    "software": Kind.CODE,
}
_RIS = {
    "RPRT": Kind.REPORT,
    "STAND": Kind.REPORT,
    "GOVDOC": Kind.REPORT,
    "BLOG": Kind.POST,
    "ELEC": Kind.POST,
    "ICOMM": Kind.POST,
    "WEB": Kind.POST,
    "DATA": Kind.DATASET,
    "DBASE": Kind.DATASET,
    "AGGR": Kind.DATASET,
    "COMP": Kind.CODE,
}
_CSL = {
    "report": Kind.REPORT,
    "standard": Kind.REPORT,
    "post": Kind.POST,
    "post-weblog": Kind.POST,
    "webpage": Kind.POST,
    "dataset": Kind.DATASET,
    "software": Kind.CODE,
}


# What our own exports say, and others: "Project page", "Computer software".
_HINTS = {"project page": Kind.PROJECT, "computer software": Kind.CODE, "data set": Kind.DATASET}


def of_bibtex(entry_type: str, *hints: str) -> str:
    return _hinted(hints) or _BIBTEX.get(entry_type.lower(), Kind.PAPER)


def of_ris(reference_type: str, *hints: str) -> str:
    return _hinted(hints) or _RIS.get(reference_type.upper(), Kind.PAPER)


def of_csl(item_type: str, *hints: str) -> str:
    return _hinted(hints) or _CSL.get(item_type.lower(), Kind.PAPER)


def _hinted(hints: tuple[str, ...]) -> str | None:
    """Where a format has no type for a kind, the kind itself stands in its field for genres."""
    words = (hint.strip().lower() for hint in hints)
    return next((_HINTS.get(word, word) for word in words if word in {*Kind.values, *_HINTS}), None)


def is_genre(text: str) -> bool:
    """Whether a text says what a work is, and not where it appeared."""
    return _hinted((text,)) is not None
