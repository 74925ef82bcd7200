"""From addresses that somebody printed to the works they stand for: found, or filed anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import Q
from simple_history.utils import bulk_create_with_history

from markup.text import clean_line
from markup.urls import clean_url
from papers.citation_keys import family_name, mint_key
from papers.identifiers import Identifier as Identity
from papers.identifiers import identify, looks_like_paper
from papers.metadata import Metadata, Work, load_metadata
from papers.models import Author, Authorship, CitationKeyAlias, Identifier, Paper
from papers.printed_titles import title_in_label, without_tags

LONGEST = Identifier._meta.get_field("value").max_length or 0
METADATA = settings.BASE_DIR / "fixtures" / "sources" / "paper_metadata.json"


@cache
def project_metadata() -> Metadata:
    """What was looked up about the works that the first catalogue links to."""
    return load_metadata(METADATA)


@dataclass(frozen=True, slots=True)
class Mention:
    """A link in the newsletter: where it points and in which words."""

    url: str
    label: str
    words: str  # the entry's headline, or empty where the link is not what the entry presents
    role: str


def papers_for(mentions: Sequence[Mention], metadata: Metadata | None = None) -> list[Paper | None]:
    """The paper each mention stands for, in order; None where the link names no known work.

    A work is found by any of its identifiers. One that is new is filed with what the verified
    metadata say of it, else in the newsletter's own words, if its address is one of research.
    """
    catalogue = _Catalogue(metadata or project_metadata())
    identities = [identify(mention.url) for mention in mentions]
    catalogue.look_up(identities)
    return [
        catalogue.paper(identity, mention) if identity else None
        for identity, mention in zip(identities, mentions, strict=True)
    ]


class _Catalogue:
    """The identifiers of one batch of mentions, with the papers behind them."""

    def __init__(self, metadata: Metadata) -> None:
        self.metadata = metadata
        self.papers: dict[tuple[str, str], Paper] = {}

    def look_up(self, identities: Iterable[Identity | None]) -> None:
        """Fetch in two queries every paper known under these, or under their works' other ids."""
        wanted: dict[str, set[str]] = {}
        for identity in filter(None, identities):
            work = self.metadata.find(identity)
            for known in (identity, *(work.identifiers if work else ())):
                wanted.setdefault(known.scheme, set()).add(known.value)
        condition = Q(pk__in=[])
        for scheme, values in wanted.items():
            condition |= Q(scheme=scheme, value__in=values)
        for row in Identifier.objects.filter(condition).select_related("paper"):
            self.papers[row.scheme, row.value] = _standing(row.paper)

    def paper(self, identity: Identity, mention: Mention) -> Paper | None:
        key = (identity.scheme, identity.value)
        if key in self.papers:
            return self.papers[key]
        work = self.metadata.find(identity)
        if work is None and not (looks_like_paper(mention.url) and len(identity.value) <= LONGEST):
            return None
        paper = self._known_twin(work) or self._file(identity, mention, work)
        self._add_identifiers(paper, [identity, *(work.identifiers if work else ())])
        return paper

    def _known_twin(self, work: Work | None) -> Paper | None:
        for identity in work.identifiers if work else ():
            if paper := self.papers.get((identity.scheme, identity.value)):
                return paper
        return None

    def _add_identifiers(self, paper: Paper, identities: Iterable[Identity]) -> None:
        new = {(i.scheme, i.value) for i in identities} - self.papers.keys()
        bulk_create_with_history(
            [Identifier(paper=paper, scheme=s, value=v) for s, v in sorted(new)], Identifier
        )
        for key in new:
            self.papers[key] = paper

    def _file(self, identity: Identity, mention: Mention, work: Work | None) -> Paper:
        paper = _from_work(work, mention) if work else _from_words(mention)
        # The work's own identifier stands first: an address may be that of a twin.
        first = work.identifiers[0] if work else Identity(identity.scheme, identity.value)
        paper.url = clean_url(first.landing_url)
        paper.pdf_url = clean_url(first.pdf_url or "")
        names = list(work.authors) if work else []
        paper.citation_key = mint_key(names, paper.published_year, paper.title, _is_taken)
        paper.save()
        _file_authors(paper, names)
        return paper


def _standing(paper: Paper) -> Paper:
    """The paper that a merged one was merged into, however often."""
    while paper.merged_into is not None:
        paper = paper.merged_into
    return paper


NAMED_ONLY = "Only an identifier or address is known so far."
UNVERIFIED = "No verified record: the title is the newsletter's words."


def _from_work(work: Work, mention: Mention) -> Paper:
    title, source = work.title, work.title_source
    notes = [work.review_note] if work.review_note else []
    if title is None:
        title, source = _words_for(mention)
        notes.append(UNVERIFIED)
    return Paper(
        kind=work.kind,
        title=title,
        title_source=source,
        alternative_titles=list(work.alternative_titles),
        published_year=work.year,
        venue=work.venue,
        code_url=clean_url(work.code_url or ""),
        sources={
            "record": list(work.sources),
            "notes": work.notes,
            "related": list(work.related),
        },
        needs_review=work.needs_review or work.title is None,
        review_note="\n".join(notes) or None,
    )


def _from_words(mention: Mention) -> Paper:
    title, source = _words_for(mention)
    return Paper(
        title=title,
        title_source=source,
        needs_review=True,
        review_note=UNVERIFIED,
    )


def _words_for(mention: Mention) -> tuple[str, str]:
    """What the newsletter calls the work, and whether that is its headline or a link's text.

    A link whose words are a title names the work better than a headline, which speaks of it.
    """
    limit = Paper._meta.get_field("title").max_length
    words = without_tags(clean_line(mention.words))
    label = clean_line(mention.label)
    named = title_in_label(label)
    if words and named in (None, words):
        return words[:limit], Paper.TitleSource.NEWSLETTER
    return (named or without_tags(label) or mention.url)[:limit], Paper.TitleSource.LINK_TEXT


def _is_taken(key: str) -> bool:
    return (
        Paper.objects.filter(citation_key=key).exists()
        or CitationKeyAlias.objects.filter(key=key).exists()
    )


def _file_authors(paper: Paper, names: Sequence[str]) -> None:
    """Names in order, each with its author row, except those that are no names."""
    names = [clean_line(name) for name in names]
    known = {a.name: a for a in Author.objects.filter(name__in=names, orcid=None)}
    new = [Author(name=n) for n in dict.fromkeys(names) if n not in known and family_name(n)]
    bulk_create_with_history(new, Author)
    known |= {author.name: author for author in new}
    Authorship.objects.bulk_create(
        Authorship(paper=paper, position=place, name_as_printed=name, author=known.get(name))
        for place, name in enumerate(names)
    )
