"""What a writer is given."""

from collections.abc import Iterable
from dataclasses import dataclass

from papers.citations.formatted import DEFAULT_STYLE
from readinglists.contents import Part
from readinglists.document import Document


@dataclass(frozen=True, slots=True)
class Source:
    """A list to be written: its head, and its parts as they come.

    The address is left out where the reader came by a share link: it would outlive the link.
    """

    head: Document
    parts: Iterable[Part]
    address: str | None = None
    style: str = DEFAULT_STYLE
