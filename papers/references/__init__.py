"""Reference files -> references: BibTeX, RIS, CSL-JSON, bookmarks, our CSV, plain identifiers.

Each format is read by a well-kept library where there is one, and watched for what that library
drops without a word. Nothing here knows the database: `papers.importing` stores what is read.
"""

from papers.references.encoding import decode
from papers.references.formats import Format, read_references, recognise
from papers.references.reference import Aside, Name, PartialDate, Problem, Record, Reference

__all__ = [
    "Aside",
    "Format",
    "Name",
    "PartialDate",
    "Problem",
    "Record",
    "Reference",
    "decode",
    "read_references",
    "recognise",
]
