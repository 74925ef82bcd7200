"""What a work is called in each format: by its kind and, for papers, by where it appeared."""

import re
from dataclasses import dataclass

from papers.citations.citation import Citation


@dataclass(frozen=True, slots=True)
class Type:
    """A work's type in each format, and the field that holds where it appeared."""

    kind: str
    csl: str
    csl_venue: str
    bibtex: str
    bibtex_venue: str
    ris: str
    ris_venue: str
    howpublished: str | None = None  # in BibTeX, which has no types for these
    schema: str = "CreativeWork"
    genre: str | None = None  # in CSL, where a style would otherwise not say what it is


ARTICLE = Type(
    "paper", "article-journal", "container-title", "article", "journal", "JOUR", "T2",
    schema="ScholarlyArticle",
)  # fmt: skip
TALK = Type(
    "paper", "paper-conference", "container-title", "inproceedings", "booktitle", "CONF", "T2",
    schema="ScholarlyArticle",
)  # fmt: skip
# Not said to have appeared anywhere: what citation managers call a preprint.
PREPRINT = Type(
    "paper", "article", "container-title", "misc", "publisher", "UNPB", "PB",
    schema="ScholarlyArticle",
)  # fmt: skip
TYPES = {
    "report": Type(
        "report", "report", "publisher", "techreport", "institution", "RPRT", "PB", schema="Report"
    ),
    "post": Type(
        "post", "post-weblog", "container-title", "online", "organization", "BLOG", "T2",
        schema="BlogPosting",
    ),
    "dataset": Type(
        "dataset", "dataset", "publisher", "misc", "publisher", "DATA", "PB",
        howpublished="Dataset", schema="Dataset", genre="Dataset",
    ),
    "code": Type(
        "code", "software", "publisher", "software", "publisher", "COMP", "PB",
        schema="SoftwareSourceCode", genre="Computer software",
    ),
    "project": Type(
        "project", "webpage", "container-title", "misc", "publisher", "ELEC", "T2",
        howpublished="Project page", schema="CreativeWork",
    ),
    # No kind of paper: any address on a list of readings.
    "webpage": Type(
        "webpage", "webpage", "container-title", "online", "organization", "ELEC", "T2",
        schema="WebPage",
    ),
}  # fmt: skip
ALL_TYPES = (ARTICLE, TALK, PREPRINT, *TYPES.values())

# Meetings are named by such words, or by their abbreviations.
_MEETING_WORDS = re.compile(
    r"\b(?:proceedings|proc\.|conference|conf\.|workshops?|symposium|symposia|congress|meeting"
    r"|colloquium|findings of)\b",
    re.IGNORECASE,
)
_MEETING_NAME_LIST = """
AAAI AAMAS ACCV ACL ACML AIES AISTATS AKBC ALT ASPLOS BMVC CADE CAV CCS CHI CIKM COLING COLM COLT
CONLL CoNLL CORL CoRL COSYNE CSCW CVPR DSN EACL ECAI ECCV ECML EMNLP ESORICS EuroSP FAccT FAT* FOCS
GECCO HPCA HRI ICALP ICAPS ICASSP ICCV ICDE ICDM ICLR ICML ICPR ICRA ICSE ICWSM IJCAI IJCNLP IJCNN
INTERSPEECH Interspeech IROS ISCA ISIT ISSTA ITCS IUI KDD L4DC LICS LREC MICCAI MLSys NAACL NDSS
NeurIPS NIPS NSDI OOPSLA OSDI PLDI PODS POPL PPSN RecSys RLC S&P SaTML SIGCOMM SIGGRAPH SIGIR SIGMOD
SODA SOSP STOC TACAS UAI UIST USENIX VLDB WACV WSDM WWW
"""
_MEETING_NAMES = frozenset(_MEETING_NAME_LIST.split())
_WORD = re.compile(r"[\w&*]+")


def type_of(citation: Citation) -> Type:
    if citation.kind in TYPES:
        return TYPES[citation.kind]
    if not citation.venue:
        return PREPRINT
    return TALK if is_meeting(citation.venue) else ARTICLE


def is_meeting(venue: str) -> bool:
    """Whether a venue names a conference, a workshop or their proceedings, not a journal."""
    if _MEETING_WORDS.search(venue):
        return True
    return any(word in _MEETING_NAMES for word in _WORD.findall(venue))
