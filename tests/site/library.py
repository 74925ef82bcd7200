"""One small library with everything a route can be asked for, and who asks for it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django_ox.models import OxTask

from accounts.models import ApiToken, EntryLink, User
from imports.models import ImportRow, ImportRun
from newsletter.models import Entry, Issue, Link, Publication, Section
from papers.models import CitationKeyAlias, Completion, DuplicateSuggestion, Merge, Paper, Topic
from prizes.models import (
    Deadline,
    Outcome,
    Prize,
    PrizeAlias,
    Reminder,
    TrackedCalendar,
    Tracking,
)
from readinglists.following.changing import follow
from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList, ShareLink
from readinglists.reading.states import set_state
from readinglists.revisions import freeze
from readinglists.sharing.invitations import invite
from search.models import SavedSearch
from tests import factories
from tests.readinglists import making

PASSWORD = "a long enough passphrase"
LONG_AGO = datetime(2022, 1, 1, tzinfo=UTC)


@dataclass
class Library:
    """The rows that addresses are made of; `reader` and `maintainer` have signed in."""

    reader: User
    maintainer: User
    topic: Topic
    publication: Publication
    issue: Issue
    section: Section
    entry: Entry
    link: Link
    paper: Paper
    prize: Prize
    deadline: Deadline
    tracking: Tracking
    clients: dict[str, Client] = field(default_factory=dict)
    others: dict[type[Model], Model] = field(default_factory=dict)
    reading_list: ReadingList | None = None
    list_section: ListSection | None = None
    list_item: Item | None = None
    list_note: Note | None = None
    share_link: ShareLink | None = None
    list_secret: str = ""
    list_feed_secret: str = ""
    list_invitation: str = ""
    list_event: ListEvent | None = None
    saved_search: SavedSearch | None = None
    paper_import: ImportRun | None = None
    deadline_import: ImportRun | None = None
    list_import: ImportRun | None = None
    feed_secret: str = ""
    invitation: str = ""
    maintainer_link: str = ""
    calendar_secret: str = ""
    api_token: str = ""

    def row_of(self, model: type[Model]) -> Any:
        """A row to be changed in the admin: always the same one, whatever is added."""
        own = {type(row): row for row in vars(self).values() if isinstance(row, Model)}
        if model in own:
            return own[model]
        if model not in self.others:
            self.others[model] = model._default_manager.order_by("pk")[0]
        return self.others[model]


def make_account(username: str, **fields: Any) -> User:
    user = User.objects.create_user(username, f"{username}@example.org", PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def signed_in(user: User) -> Client:
    """Signed in through the form, and asked for the password again just now."""
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302, "the account could not sign in"
    client.get("/")  # shows the messages of the sign-in, once
    return client


def make_catalogue() -> dict[str, Any]:
    """A thing of every kind, each related to the others in every way it can be."""
    topic = factories.TopicFactory(description="What this topic is about.")
    publication = factories.PublicationFactory(
        url="https://newsletter.example/", description="A newsletter."
    )
    issue = factories.IssueFactory(publication=publication, published_at=LONG_AGO)
    section = factories.SectionFactory(issue=issue, topic=topic)
    paper = factories.PaperFactory(
        topics=[topic],
        published_year=2022,
        published_month=3,
        published_day=7,
        venue="A venue",
        abstract="An abstract.",
        url="https://example.org/paper",
        pdf_url="https://example.org/paper.pdf",
        code_url="https://example.org/code",
    )
    factories.AuthorshipFactory(paper=paper)
    factories.IdentifierFactory(paper=paper)
    entry = factories.EntryFactory(issue=issue, section=section, topic=topic)
    link = factories.LinkFactory(entry=entry, paper=paper)
    factories.LinkFactory(entry=entry, label="Another paper", role="inline")
    factories.LinkFactory(entry=None, issue=issue, role="share")
    factories.ImageFactory(entry=entry)
    prize = factories.PrizeFactory(
        topics=[topic],
        organiser="An organiser",
        website="https://example.org/prize",
        description="What it is for.",
        pool_amount=100_000,
        pool_currency="USD",
        pool_qualifier="exact",
    )
    factories.AwardFactory(prize=prize, quote="The winner gets it.")
    factories.PrizeMentionFactory(prize=prize, entry=entry, link=link, quote="They said so.")
    deadline = make_deadline(prize, issue, entry)
    return {
        "topic": topic,
        "publication": publication,
        "issue": issue,
        "section": section,
        "entry": entry,
        "link": link,
        "paper": paper,
        "prize": prize,
        "deadline": deadline,
    }


def make_deadline(prize: Prize, issue: Issue, entry: Entry | None, **said: Any) -> Deadline:
    deadline = factories.DeadlineFactory(prize=prize, date=date(2222, 1, 1))
    factories.AnnouncementFactory(
        deadline=deadline,
        issue=issue,
        entry=entry,
        announced_at=LONG_AGO,
        source_url="https://example.org/source",
        **said,
    )
    return deadline


def make_library() -> Library:
    reader = make_account("ada")
    maintainer = make_account("grace", is_staff=True, is_superuser=True)
    rows = make_catalogue()
    factories.LinkFactory(entry=rows["entry"], role="inline", paper=factories.PaperFactory())
    tracking = Tracking.objects.create(user=reader, prize=rows["prize"], notes="My notes.")
    library = Library(reader=reader, maintainer=maintainer, tracking=tracking, **rows)
    make_leavings(library)
    make_reading_list(library)
    library.saved_search = SavedSearch.objects.create(
        owner=maintainer, name="What is new", page=SavedSearch.Page.PAPERS, query="kind=paper"
    )
    library.feed_secret = library.saved_search.make_feed()
    _, library.invitation = EntryLink.issue(
        EntryLink.Purpose.INVITATION, timedelta(days=1), invited_by=maintainer
    )
    _, library.maintainer_link = EntryLink.issue(EntryLink.Purpose.MAINTAINER, timedelta(days=1))
    for model in admin.site._registry:
        library.row_of(model)
    library.clients = {
        "stranger": Client(),
        "reader": signed_in(reader),
        "maintainer": signed_in(maintainer),
    }
    return library


def make_reading_list(library: Library) -> None:
    """One that everybody may see, with an item of each kind and a note for each audience."""
    made = making.make_list(
        library.maintainer, "Where to begin", description="What it is for.", visibility="public"
    )
    library.list_section = making.add_section(made, "First steps", prose="Read these first.")
    targets = (library.paper, library.entry, library.prize, "https://example.org/elsewhere")
    items = making.put_on(made, *targets, section=library.list_section.pk)
    making.put_on(made, factories.PaperFactory(title="On no section's list"))
    notes = [making.say(items[0], audience=each) for each in ("private", "members", "public")]
    library.reading_list, library.list_item, library.list_note = made, items[0], notes[-1]
    making.join(made, "contributor", library.reader)
    making.put_on(made, library.entry, actor=library.reader, is_proposed=True)
    library.list_secret = making.make_link(made, "propose")
    library.share_link = made.share_links.get()
    _, library.list_invitation = invite(made.pk, library.maintainer, "viewer")
    library.list_event = ListEvent.objects.filter(reading_list=made).latest("version")
    freeze(made, library.maintainer)
    for follower in (library.maintainer, library.reader):
        following, _ = follow(made, follower)
    library.list_feed_secret = following.make_feed()
    for reader in (library.maintainer, library.reader):
        set_state(reader, library.paper, "read")


def make_leavings(library: Library) -> None:
    """What the catalogue's own pages do not show, but the admin and the accounts do."""
    CitationKeyAlias.objects.create(key="former2021key", paper=library.paper)
    twin = factories.PaperFactory(title="A twin")
    DuplicateSuggestion.objects.create(
        paper=library.paper, other=twin, reason="same_title", score=0.9
    )
    Merge.objects.create(duplicate=twin, into=library.paper)
    Completion.objects.create(paper=library.paper, asked_at=LONG_AGO)
    PrizeAlias.objects.create(slug="a-former-prize", prize=library.prize)
    Group.objects.create(name="Editors")
    library.calendar_secret = TrackedCalendar.make(library.reader, [7])
    Outcome.objects.create(
        prize=library.prize, kind="winner", who="A winner", what="A work", source="Somebody"
    )
    Reminder.objects.create(
        tracking=library.tracking, deadline=library.deadline, days_before=7, about=LONG_AGO
    )
    library.paper_import = ImportRun.objects.create(
        kind="papers", state="finished", source="pasted", started_by=library.maintainer
    )
    ImportRow.objects.create(
        run=library.paper_import, line=1, outcome="unchanged", kind="paper", key=library.paper.pk
    )
    library.list_import = ImportRun.objects.create(
        kind="list", state="finished", source="a list", started_by=library.maintainer
    )
    ImportRow.objects.create(run=library.list_import, line=1, outcome="skipped", reason="gone")
    library.deadline_import = ImportRun.objects.create(
        kind="deadlines", state="finished", source="a script", started_by=library.maintainer
    )
    ImportRow.objects.create(
        run=library.deadline_import, line=1, outcome="updated", kind="prize", key=library.prize.pk
    )
    run = ImportRun.objects.create(kind="newsletter", state="finished", source="a file")
    ImportRow.objects.create(run=run, line=1, outcome="created", raw=b"{}")
    OxTask.objects.create(task_path="config.tasks.clean_up", enqueued_at=LONG_AGO)
    for user in (library.maintainer, library.reader):
        _, library.api_token = ApiToken.issue(user, "notebook", ["papers:read"])
    Authenticator.objects.create(
        user=factories.UserFactory(), type=Authenticator.Type.TOTP, data={"secret": "x"}
    )
    UserSession.objects.create(
        user=library.reader, session_key="a" * 32, ip="127.0.0.1", user_agent="a browser"
    )
