"""A list of each visibility with everything on it, each of its texts with a word of its own."""

import random
import string
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from accounts.models import User
from readinglists.editing import items, lists, notes
from readinglists.editing.writing import locked
from readinglists.models import (
    Item,
    ListEvent,
    ListSection,
    Membership,
    Note,
    ReadingList,
    ShareLink,
)
from readinglists.revisions import freeze
from readinglists.sharing import invitations, links, members
from tests import factories
from tests.readinglists.leaks.rules import LINKS, PEOPLE, VISIBILITIES, Asker
from tests.readinglists.making import make_link, say

# In every text, so that a search finds what there is without naming any of the words.
COMMON = "kumquat"
ACCOUNTS = ("owner", "editor", "contributor", "viewer", "former", "disabled", "somebody")


@dataclass
class Standing:
    """One list, with the ids that addresses are made of."""

    visibility: str
    reading_list: ReadingList
    section: ListSection
    items: dict[str, Item] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    invitation: str = ""

    @property
    def pk(self) -> UUID:
        return self.reading_list.pk

    def first(self, relation: str) -> Any:
        return getattr(self.reading_list, relation).order_by("pk")[0]

    def events(self, verb: str) -> ListEvent:
        return ListEvent.objects.filter(reading_list=self.reading_list, verb=verb)[0]


class Shelf:
    """`words` says of each word of which lists it tells which fact."""

    def __init__(self) -> None:
        self.chance = random.Random(5)
        self.words: dict[str, list[tuple[str, str]]] = {}
        self.accounts = {
            name: factories.UserFactory(username=self.word(f"{name}'s name")) for name in ACCOUNTS
        }
        topic = factories.TopicFactory()
        self.paper = factories.PaperFactory(topics=[topic], published_year=2022)
        self.hidden = factories.PaperFactory(title=self.word("hidden paper"))
        self.entry = factories.EntryFactory()
        factories.LinkFactory(entry=self.entry, paper=self.paper)
        self.prize = factories.PrizeFactory()
        self.topic = topic
        self.lists = {visibility: self.fill(visibility) for visibility in VISIBILITIES}
        gone = lists.make_list(
            self.accounts["owner"], self.text("trashed list", "public"), visibility="public"
        )
        lists.trash_list(gone.pk, self.accounts["owner"])
        type(self.hidden).objects.filter(pk=self.hidden.pk).update(is_hidden=True)
        self.clients = {each.name: self.signed_in(each) for each in (*PEOPLE, *LINKS)}
        User.objects.filter(pk=self.accounts["disabled"].pk).update(is_active=False)

    def word(self, fact: str, visibility: str | None = None) -> str:
        made = "zq" + "".join(self.chance.choices(string.ascii_lowercase, k=10))
        about = [visibility] if visibility else VISIBILITIES
        self.words[made] = [(each, fact) for each in about]
        return made

    def text(self, fact: str, visibility: str) -> str:
        return f"{COMMON} {self.word(fact, visibility)}"

    def signed_in(self, asker: Asker) -> Client:
        client = Client()
        if asker.account:
            client.force_login(self.accounts[asker.account])
            # As if the password had just been typed: some pages ask for it again.
            session = client.session
            typed = {"method": "password", "at": time.time(), "reauthenticated": True}
            session["account_authentication_methods"] = [typed]
            session["account_authentication_methods_user"] = str(self.accounts[asker.account].pk)
            session.save()
        return client

    def fill(self, visibility: str) -> Standing:
        who, text = self.accounts, lambda fact: self.text(fact, visibility)
        reading_list = lists.make_list(
            who["owner"],
            text("former title"),
            description=text("description"),
            visibility=visibility,
            cover_topic=self.topic,
        )
        self.words[str(reading_list.pk)] = [(visibility, "id")]
        lists.change_list(reading_list.pk, who["owner"], None, title=text("title"))
        section = lists.add_section(
            reading_list.pk, who["owner"], text("section title"), prose=text("section prose")
        )
        reading_list.refresh_from_db()
        standing = Standing(visibility, reading_list, section)
        for name in ("viewer", "contributor", "editor", "former", "disabled"):
            with locked(reading_list.pk) as held:
                role = "editor" if name == "disabled" else "viewer" if name == "former" else name
                members.add_member(held, who[name], role)
        self.put(standing)
        self.annotate(standing)
        member = Membership.objects.get(reading_list=reading_list, user=who["former"])
        members.remove_member(reading_list.pk, who["owner"], member.pk)
        self.share(standing)
        return standing

    def put(self, standing: Standing) -> None:
        reading_list, who = standing.reading_list, self.accounts
        url = f"https://{self.word('item url', standing.visibility)}.org/"
        hidden = items.Target(paper=self.hidden.pk)
        targets = {
            "item": items.Target(url=url, title=self.text("item title", standing.visibility)),
            "paper": items.Target(
                paper=self.paper.pk, title=self.text("paper's own title", standing.visibility)
            ),
            # What was frozen with it is kept from everybody as a file.
            **({"hidden": hidden} if standing.visibility in {"members", "public"} else {}),
            "entry": items.Target(entry=self.entry.pk),
            "prize": items.Target(prize=self.prize.pk),
            "trashed": items.Target(
                url="https://trashed.org/", title=self.text("trashed item", standing.visibility)
            ),
        }
        with locked(reading_list.pk) as held:
            made = items.add_items(
                held, who["owner"], list(targets.values()), section=standing.section.pk
            )
            proposal = items.Target(
                url="https://proposed.org/", title=self.text("proposal", standing.visibility)
            )
            proposed = items.add_items(held, who["contributor"], [proposal], is_proposed=True)
        found = Item.objects.in_bulk([*made, *proposed])
        names = (*targets, "proposal")
        standing.items = {
            name: found[pk] for name, pk in zip(names, (*made, *proposed), strict=True)
        }
        standing.items.setdefault("hidden", standing.items["paper"])

    def annotate(self, standing: Standing) -> None:
        item, who = standing.items["item"], self.accounts
        for fact, author, audience in (
            ("public note", "editor", "public"),
            ("members note", "viewer", "members"),
            ("former's note", "former", "members"),
            ("owner's private note", "owner", "private"),
            ("viewer's private note", "viewer", "private"),
            ("somebody's private note", "somebody", "private"),
            ("note made private", "editor", "public"),
            ("note removed", "editor", "public"),
        ):
            words = self.text(fact, standing.visibility)
            standing.notes[fact] = say(item, who[author], words, audience)
        for fact, name in (
            ("public note on a proposal", "proposal"),
            ("note on a trashed item", "trashed"),
        ):
            words = self.text(fact, standing.visibility)
            standing.notes[fact] = say(standing.items[name], who["owner"], words, "public")
        with locked(standing.pk) as held:
            items.remove_items(held, who["owner"], [standing.items["trashed"].pk])
        freeze(ReadingList.objects.get(pk=standing.pk), who["owner"])
        with locked(standing.pk) as held:
            made_private = standing.notes["note made private"]
            notes.change_note(held, who["editor"], made_private, audience="private")
            notes.remove_note(held, who["editor"], standing.notes["note removed"])

    def share(self, standing: Standing) -> None:
        reading_list, owner = standing.reading_list, self.accounts["owner"]
        name = self.word("link's name", standing.visibility)
        for allows in ("view", "view_notes", "propose"):
            standing.secrets[allows] = make_link(reading_list, allows, name=name)
        secret = make_link(reading_list, "view_notes", name=name)
        standing.secrets["revoked link"] = secret
        links.revoke_link(standing.pk, owner, _link(secret).pk)
        ended = timezone.now() - timedelta(seconds=1)
        standing.secrets["expired link"] = make_link(reading_list, "propose", expires_at=ended)
        secret = make_link(reading_list, "propose", name=name)
        standing.secrets["former address of a link"] = secret
        links.rotate_link(standing.pk, owner, _link(secret).pk)
        addressee = self.word("addressee", standing.visibility)
        invitations.invite(standing.pk, owner, "viewer", addressee)
        standing.invitation = invitations.invite(standing.pk, owner, "viewer")[1]

    def secret(self, asker: Asker, visibility: str) -> str:
        return self.lists[visibility].secrets[asker.link or asker.name]


def _link(secret: str) -> ShareLink:
    return ShareLink.objects.get(digest=links.digest_of(secret))
