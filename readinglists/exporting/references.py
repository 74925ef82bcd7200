"""BibTeX, RIS and CSL-JSON of a list: each work with its notes, and its section as groups are
told in each (JabRef's `groups`, the label of RIS, `custom` of CSL)."""

from collections.abc import Callable, Iterator

import orjson

from markup.text import clean_line
from papers.citations.bibtex import bibtex
from papers.citations.citation import Citation
from papers.citations.formats import csl_json
from papers.citations.ris import ris
from papers.citations.tex import escape_tex
from readinglists.exporting.citing import cited
from readinglists.exporting.source import Source


def write_bibtex(source: Source) -> Iterator[str]:
    return _entries(source, _bibtex)


def write_ris(source: Source) -> Iterator[str]:
    return _entries(source, _ris)


def _entries(source: Source, write: Callable[[Citation, str], str]) -> Iterator[str]:
    between = ""
    for citation, section in cited(source.parts):
        yield between + write(citation, clean_line(section))
        between = "\n"


def _bibtex(citation: Citation, section: str) -> str:
    # A comma would end the group's name.
    group = escape_tex(section.replace(",", " "))
    entry = bibtex(citation)
    return f"{entry.removesuffix('}\n')}  groups = {{{group}}},\n}}\n" if section else entry


def _ris(citation: Citation, section: str) -> str:
    record = ris(citation)
    end = "ER  - \n"
    return f"{record.removesuffix(end)}LB  - {section}\n{end}" if section else record


def write_csl(source: Source) -> Iterator[str]:
    """An array, an item a line."""
    between = "[\n"
    for citation, section in cited(source.parts):
        [item] = orjson.loads("".join(csl_json([citation])))
        if section:
            item["custom"] = {**item.get("custom", {}), "section": section}
        yield between + orjson.dumps(item, option=orjson.OPT_SORT_KEYS).decode()
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"
