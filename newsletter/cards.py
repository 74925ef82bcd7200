"""What stands in the margin beside an entry: the works and prizes its links lead to."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

from django.db.models import Prefetch, QuerySet
from django.utils.html import strip_tags

from newsletter.models import Entry, Link
from papers.models import Paper

MARKERS = re.compile(r"\[[^\]\n]{0,30}\]")  # "[Link 1]", which headlines leave out
COMPARED = 60
SHORT_HTML = 900  # beside a few lines of text a full card would tear a hole


@dataclass(slots=True)
class Margin:
    presented: list[Link] = field(default_factory=list)  # one link a work
    cited: list[Link] = field(default_factory=list)
    prizes: list = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.presented or self.cited or self.prizes)

    @property
    def papers(self) -> Iterator[Paper]:
        return (link.paper for link in [*self.presented, *self.cited])


def with_margins(entries: QuerySet[Entry], user) -> QuerySet[Entry]:
    """Entries with what their margins need, in a number of queries that does not grow."""
    # Prizes stand above us: they are reached by the relation, never by an import.
    mentions = Entry._meta.get_field("prize_mentions").related_model.objects
    papers = Paper.objects.visible_to(user).with_first_authors().prefetch_related("identifiers")
    links = Link.objects.visible_to(user).standing().order_by("position")
    return entries.prefetch_related(
        Prefetch(
            "links",
            links.prefetch_related(Prefetch("paper", papers)),
            to_attr="standing_links",
        ),
        Prefetch(
            "prize_mentions",
            mentions.visible_to(user).select_related("prize"),
            to_attr="visible_prize_mentions",
        ),
    )


def put_margins(entries: Iterable[Entry]) -> None:
    """Give each entry, read by `with_margins`, its `margin`, and say if it `is_headed`."""
    for entry in entries:
        entry.is_headed = is_headed(entry)
        entry.is_short = len(entry.html) < SHORT_HTML
        prizes = {mention.prize_id: mention.prize for mention in entry.visible_prize_mentions}
        entry.margin = margin_of(entry.standing_links)
        entry.margin.prizes = list(prizes.values())


def is_headed(entry: Entry) -> bool:
    """Whether the headline is a title of its own; a brief's is the first sentence of its text."""
    if entry.kind in (Entry.Kind.FEATURE, Entry.Kind.OPPORTUNITY):
        return True
    text = MARKERS.sub(" ", unescape(strip_tags(entry.html)))
    return not " ".join(text.split()).startswith(entry.headline[:COMPARED])


def margin_of(links: Iterable[Link]) -> Margin:
    """Each work once: as presented if any primary link leads to it, else as cited."""
    margin = Margin()
    seen: set[int] = set()
    for link in sorted(links, key=lambda link: (link.role != Link.Role.PRIMARY, link.position)):
        if link.paper is None or link.paper.pk in seen:
            continue
        seen.add(link.paper.pk)
        is_primary = link.role == Link.Role.PRIMARY
        (margin.presented if is_primary else margin.cited).append(link)
    return margin
