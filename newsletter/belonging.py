"""Which records are issues of a newsletter, and of which one.

The files mix newsletters with papers, forum posts and transcripts. A record is an issue when its
source is a publication we know. Else, with `--publication`, unless something says what else it
is; without, when it has signs of a newsletter and none of anything else. The reasons are written
for whoever reads the report.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from markup.slugs import slugify
from markup.text import clean_line
from newsletter.models import Publication
from newsletter.numbering import folded, name_in, number_in
from newsletter.reader import profile_for
from newsletter.records import Record

# Names under which many sites are exported; `initial_source` then says which one it was.
COLLECTIONS = frozenset({"blogs", "blog", "special_docs", "markdown", "html", "website"})

ELSEWHERE = {
    "forum post": {"alignmentforum", "alignment_forum", "lesswrong", "eaforum", "ea_forum"}
    | {"greaterwrong", "reddit"},
    "paper": {"arxiv", "arxiv_papers", "nonarxiv_papers", "distill", "papers", "openreview"},
    "transcript": {"audio_transcripts", "youtube", "transcripts", "podcasts"},
    "document": {"gdocs", "gdrive_ebooks", "ebooks", "reports", "pdfs", "arbital", "stampy"}
    | {"aisafety.info", "agisf", "agentmodels", "wikipedia"},
}
_KIND_OF_SOURCE = {source: kind for kind, sources in ELSEWHERE.items() for source in sources}
_KIND_OF_TYPE = {
    **dict.fromkeys(("pdf", "latex", "tei", "paper"), "paper"),
    **dict.fromkeys(("audio-transcript", "audio_transcript", "youtube", "video"), "transcript"),
    **dict.fromkeys(("ebook", "docx", "gdocs", "xml", "wiki"), "document"),
}
_FIELDS_OF = {
    "paper": ("abstract", "doi", "journal_ref", "primary_category", "arxiv_id"),
    "item of a newsletter, not a whole issue": ("summarizer", "opinion", "newsletter_category"),
}
_SHARED_HOSTS = frozenset({"medium.com", "mailchi.mp", "buttondown.email", "buttondown.com"})
_SCRIPTS = {"ARABIC": "Arab", "HEBREW": "Hebr", "CYRILLIC": "Cyrl", "GREEK": "Grek"} | {
    **dict.fromkeys(("HIRAGANA", "KATAKANA"), "Jpan"),
    "CJK": "Hani",
    "HANGUL": "Kore",
    "DEVANAGARI": "Deva",
    "THAI": "Thai",
}
_FIELDS_OF_A_FORUM = ("karma", "votes", "comments", "alignment_forum")
_NEWSLETTER_WORDS = re.compile(
    r"newsletter|digest|weekly|fortnightly|monthly|daily|gazette|bulletin|dispatch|round-?up"
    r"|\bthis (?:week|month)\b|\blast week\b|links for",
    re.IGNORECASE,
)
_DATED_TITLE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s(?:\d{1,2},?\s)?20\d\d\b"
    r"|\b20\d\d-\d\d-\d\d\b",
    re.IGNORECASE,
)
_NEWSLETTER_HOSTS = re.compile(
    r"https?://(?:newsletters?\.|[^/]*\.(?:substack\.com|beehiiv\.com|mailchi\.mp|tinyletter\.com"
    r"|getrevue\.co)|buttondown\.(?:email|com)|mailchi\.mp|us\d+\.campaign-archive\.com)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NoIssue:
    """Why a record is not imported; `may_change` if a later line may tell otherwise."""

    reason: str
    may_change: bool = False


def source_of(record: Record) -> str | None:
    """The newsletter's own source name, whichever field of whichever generation has it."""
    if record.initial_source:
        return record.initial_source
    return record.source


def belongs_to(
    record: Record, known: dict[str, Publication], chosen: Publication | None
) -> Publication | NoIssue:
    """The publication a record is an issue of, saved or new, or why it is none."""
    publication = _known_publication(record, known)
    if publication is not None:
        if chosen is not None and publication.slug != chosen.slug:
            return NoIssue(f"an issue of {publication.name}, not of {chosen.name}")
        return publication if record.text.strip() else NoIssue("no text")
    if kind := what_else(record):
        return NoIssue(f"no newsletter issue: a {kind}", may_change=True)
    if not record.text.strip():
        return NoIssue("no text")
    source = source_of(record)
    if source is not None and source.casefold() in COLLECTIONS:
        source = None
    if chosen is not None:
        return chosen if chosen.pk else new_publication(record, source or chosen.slug, chosen.slug)
    if source is None:
        reason = "no newsletter issue: it names no source; --publication would take it"
        return NoIssue(reason, may_change=True)
    if not has_signs_of_a_newsletter(record):
        is_post = _has_any(record, _FIELDS_OF_A_FORUM)
        what = "a forum post" if is_post else "no sign of one; --publication would take it"
        return NoIssue(f"no newsletter issue: {what}", may_change=True)
    return new_publication(record, source)


def new_publication(record: Record, source: str, slug: str | None = None) -> Publication:
    """A publication, not yet saved, as far as its first record tells of it."""
    slug = slug or slugify(source.replace("_", "-"))
    origin = urlsplit(record.url or "")
    is_own_site = bool(origin.scheme) and origin.hostname not in _SHARED_HOSTS
    return Publication(
        slug=slug,
        name=_name(record, source, slug),
        source=source[: Publication._meta.get_field("source").max_length],
        url=f"{origin.scheme}://{origin.netloc}/" if is_own_site else None,
        authors=record.authors,
        language=language_of(record.text),
    )


def _name(record: Record, source: str, slug: str) -> str:
    words = source.replace("_", " ").replace("-", " ").strip()
    titled = words if words != words.lower() else words.title()
    before_colon = clean_line(record.title.partition(":")[0])
    if folded(before_colon) == folded(words):
        titled = before_colon
    return profile_for(slug).name or name_in(record.title, source) or titled


def language_of(text: str) -> str:
    """English, or of another script only that: which of its languages it is, we cannot tell."""
    letters = [char for char in text[:5000] if char.isalpha()]
    scripts = Counter(unicodedata.name(char, "?").split()[0] for char in letters)
    main = scripts.most_common(1)[0][0] if scripts else "LATIN"
    return f"und-{_SCRIPTS[main]}" if main in _SCRIPTS else "en"


def _known_publication(record: Record, known: dict[str, Publication]) -> Publication | None:
    for name in (record.initial_source, record.source):
        if name and name in known:
            return known[name]
    return None


def what_else(record: Record) -> str | None:
    """What a record is, if it is clearly no newsletter."""
    for name in (record.initial_source, record.source):
        if name and (kind := _KIND_OF_SOURCE.get(name.casefold())):
            return kind
    if kind := _KIND_OF_TYPE.get((record.source_type or "").casefold()):
        return kind
    for kind, fields in _FIELDS_OF.items():
        if _has_any(record, fields):
            return kind
    return None


def _has_any(record: Record, fields: Iterable[str]) -> bool:
    return any(record.values.get(name) not in (None, "", "n/a", []) for name in fields)


def has_signs_of_a_newsletter(record: Record) -> bool:
    names = f"{source_of(record) or ''} {record.title}".replace("_", " ")
    return bool(
        number_in(record.title, source_of(record)) is not None
        or _NEWSLETTER_WORDS.search(names)
        or _DATED_TITLE.search(record.title)
        or _NEWSLETTER_HOSTS.match(record.url or "")
    )
