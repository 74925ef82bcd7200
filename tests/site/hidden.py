"""Everything a reader may not see, each with one random word in every text it has."""

from datetime import UTC, datetime
from typing import Any

from django.db import models

from newsletter.models import Entry, Image, Issue, Link, Publication, Section
from papers.models import Paper
from prizes.models import Announcement, Prize
from readinglists.models import ReadingState
from tests import factories
from tests.readinglists import making
from tests.site.library import LONG_AGO, Library, make_catalogue, make_deadline

NOW = datetime(2023, 1, 1, tzinfo=UTC)
# The canary is no address, no closed choice and no code; these columns take nothing else.
LEFT_AS_THEY_ARE = {"kind", "role", "language", "pool_currency", "currency", "timezone", "orcid"}


def mark(row: models.Model, word: str) -> None:
    """Put the word into every column that takes free text, past all that cleans and renders."""
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.primary_key or field.name in LEFT_AS_THEY_ARE or field.choices:
            continue
        if isinstance(field, models.FileField | models.UUIDField):
            continue
        if isinstance(field, models.SlugField):
            values[field.name] = f"{word}-{row.pk}"
        elif isinstance(field, models.CharField | models.TextField):
            values[field.name] = _text(field.name, word, row.pk)[: field.max_length]
        elif isinstance(field, models.JSONField) and isinstance(getattr(row, field.name), list):
            values[field.name] = [f"{word} {field.name}"]
    type(row)._base_manager.filter(pk=row.pk).update(**values)
    row.refresh_from_db()


def _text(name: str, word: str, pk: object) -> str:
    is_address = name.endswith("url") or name in ("href", "website", "value")
    return f"https://example.org/{word}/{name}/{pk}" if is_address else f"{word} {name} {pk}"


def mark_all(word: str, *rows: models.Model) -> None:
    for row in rows:
        mark(row, word)


def hide_everything(library: Library, word: str) -> dict[str, list[models.Model]]:
    """Hidden, withdrawn and merged things, tied to the visible ones in every way there is."""
    hidden: dict[str, list[models.Model]] = {
        "publication": [_publication(word)],
        "issue": [_issue(library, word), _issue(library, word, withdrawn_at=NOW)],
        "entry": [],
        "paper": [_paper(library, word), _merged_paper(library, word)],
        "prize": [_prize(library, word), _merged_prize(library, word)],
    }
    hidden["entry"] += [_withdrawn_parts(library, word)]
    _words_for_maintainers(library, word)
    _lists(library, word)
    return hidden


def _publication(word: str) -> Publication:
    made = make_catalogue()
    publication, issue = made["publication"], made["issue"]
    made["prize"].is_hidden = made["paper"].is_hidden = publication.is_hidden = True
    for row in (made["prize"], made["paper"], publication):
        row.save()
    mark_all(word, publication, issue, made["paper"], made["prize"], *_parts(issue))
    mark_all(word, *made["prize"].announcements.all(), *made["prize"].awards.all())
    made["topic"].delete()
    return publication


def _parts(issue: Issue) -> list[models.Model]:
    return [
        row
        for model in (Section, Entry, Link, Image)
        for row in model._base_manager.filter(issue=issue)
    ]


def _issue(library: Library, word: str, **how: Any) -> Issue:
    """An issue of a visible publication, which speaks of visible papers and prizes."""
    how = how or {"is_hidden": True}
    issue = factories.IssueFactory(publication=library.publication, published_at=LONG_AGO, **how)
    section = factories.SectionFactory(issue=issue, topic=library.topic)
    entry = factories.EntryFactory(issue=issue, section=section, topic=library.topic)
    link = factories.LinkFactory(entry=entry, paper=library.paper)
    factories.LinkFactory(entry=None, issue=issue, paper=library.paper)
    factories.ImageFactory(entry=entry)
    mark_all(word, issue, *_parts(issue))
    entry.refresh_from_db()
    mention = factories.PrizeMentionFactory(prize=library.prize, entry=entry, link=link)
    told = factories.AnnouncementFactory(
        deadline=library.deadline, issue=issue, entry=entry, announced_at=LONG_AGO
    )
    mark_all(word, mention, told)
    return issue


def _withdrawn_parts(library: Library, word: str) -> Entry:
    """Parts of a visible issue that a later version of it no longer has."""
    about = {"withdrawn_at": NOW}
    section = factories.SectionFactory(issue=library.issue, topic=library.topic, **about)
    entry = factories.EntryFactory(
        issue=library.issue, section=library.section, topic=library.topic, **about
    )
    link = factories.LinkFactory(entry=library.entry, paper=library.paper, **about)
    of_entry = factories.LinkFactory(entry=entry, paper=library.paper, **about)
    outside = factories.LinkFactory(entry=None, issue=library.issue, **about)
    image = factories.ImageFactory(entry=library.entry, **about)
    mention = factories.PrizeMentionFactory(prize=library.prize, entry=entry)
    deadline = factories.DeadlineFactory(prize=library.prize, **about)
    mark_all(word, section, entry, link, of_entry, outside, image, mention, deadline)
    return entry


def _paper(library: Library, word: str) -> Paper:
    """Linked from a visible entry, which keeps its own words for it."""
    paper = factories.PaperFactory(is_hidden=True, topics=[library.topic])
    author = factories.AuthorshipFactory(paper=paper)
    identifier = factories.IdentifierFactory(paper=paper)
    library.entry.links.filter(paper=None).update(paper=paper)
    mark_all(word, paper, author, author.author, identifier)
    return paper


def _merged_paper(library: Library, word: str) -> Paper:
    paper = factories.PaperFactory(merged_into=library.paper, topics=[library.topic])
    mark_all(word, paper)
    return paper


def _prize(library: Library, word: str) -> Prize:
    """Told of in a visible entry."""
    prize = factories.PrizeFactory(is_hidden=True, topics=[library.topic])
    award = factories.AwardFactory(prize=prize)
    mention = factories.PrizeMentionFactory(prize=prize, entry=library.entry)
    deadline = make_deadline(prize, library.issue, library.entry)
    mark_all(word, prize, award, mention, deadline, *Announcement.objects.filter(prize=prize))
    return prize


def _merged_prize(library: Library, word: str) -> Prize:
    prize = factories.PrizeFactory(merged_into=library.prize, topics=[library.topic])
    deadline = make_deadline(prize, library.issue, library.entry)
    mark_all(word, prize, deadline, *Announcement.objects.filter(prize=prize))
    return prize


def _words_for_maintainers(library: Library, word: str) -> None:
    """What stands on visible rows, and is not for readers."""
    for row in (library.issue, library.entry, library.paper, library.prize, library.deadline):
        type(row)._base_manager.filter(pk=row.pk).update(review_note=f"{word} review")
    Issue.objects.filter(pk=library.issue.pk).update(extra={"note": f"{word} extra"})


def _lists(library: Library, word: str) -> None:
    """Lists of somebody else that nobody here may find, with all that this library shows on them;
    and that somebody's own notes on the list that everybody sees."""
    somebody = factories.UserFactory()
    for visibility in ("private", "members", "unlisted"):
        original = library.reading_list if visibility == "private" else None
        made = making.make_list(
            somebody, visibility=visibility, cover_topic=library.topic, forked_from=original
        )
        section = making.add_section(made)
        things = (library.paper, library.entry, library.prize, "https://example.org/a")
        items = making.put_on(made, *things, section=section.pk)
        notes = [
            making.say(item, somebody, audience=audience)
            for item in items
            for audience in ("private", "members", "public")
        ]
        mark_all(word, made, section, items[-1], *notes)
    mark(making.say(library.list_item, somebody, audience="private"), word)
    ReadingState.objects.create(user=somebody, paper=library.paper, state="read")
