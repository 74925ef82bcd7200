"""What is written into a reference file of one work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One work, cleaned, in the words of papers' own fields; it knows no BibTeX, RIS or CSL.

    Authors stand as printed ("Laurens van der Maaten"), "et al." last where more are meant.
    Identifiers are pairs of scheme and value in their normal form. Notes and the abstract are
    paragraphs parted by a blank line; all else is one line.
    """

    title: str
    key: str | None = None
    kind: str = "paper"
    title_source: str | None = None
    alternative_titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None
    month: int | None = None
    day: int | None = None
    venue: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    abstract: str | None = None
    url: str | None = None
    pdf_url: str | None = None
    code_url: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
