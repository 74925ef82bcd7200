"""Every save and deletion in the catalogue is noted, whoever made it."""

import pytest
from django.db import transaction

from api.models import Change
from config.change_log import PARTS, THINGS
from papers.models import CitationKeyAlias
from tests import factories

pytestmark = pytest.mark.django_db

MAKERS = {
    "publication": factories.PublicationFactory,
    "issue": factories.IssueFactory,
    "topic": factories.TopicFactory,
    "entry": factories.EntryFactory,
    "paper": factories.PaperFactory,
    "prize": factories.PrizeFactory,
    "deadline": factories.DeadlineFactory,
}


def a_former_key() -> CitationKeyAlias:
    return CitationKeyAlias.objects.create(key="former2021key", paper=factories.PaperFactory())


PART_MAKERS = {
    "Section": (factories.SectionFactory, "issue"),
    "Link": (factories.LinkFactory, "issue"),
    "Image": (factories.ImageFactory, "issue"),
    "Authorship": (factories.AuthorshipFactory, "paper"),
    "Identifier": (factories.IdentifierFactory, "paper"),
    "CitationKeyAlias": (a_former_key, "paper"),
    "Award": (factories.AwardFactory, "prize"),
    "Announcement": (factories.AnnouncementFactory, "prize"),
    "Outcome": (factories.OutcomeFactory, "prize"),
}


@pytest.fixture
def notes():
    """What was noted since the last look."""
    seen = [0]

    def look() -> list[tuple[str, str, str]]:
        new = Change.objects.filter(seq__gt=seen[0]).order_by("seq")
        found = list(new.values_list("kind", "key", "verb"))
        seen[0] = Change.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        return found

    return look


@pytest.mark.parametrize("kind", MAKERS)
def test_a_thing_is_noted_when_it_comes_changes_and_goes(kind, notes):
    row = MAKERS[kind]()
    key = str(row.pk)
    assert (kind, key, "created") in notes()
    row.save()
    assert (kind, key, "updated") in notes()
    row.delete()
    assert (kind, key, "deleted") in notes()


@pytest.mark.parametrize("name", PART_MAKERS)
def test_a_part_is_noted_as_a_change_of_what_it_is_part_of(name, notes):
    maker, owner = PART_MAKERS[name]
    row = maker()
    whole = (owner, str(getattr(row, f"{owner}_id")), "updated")
    assert whole in notes()
    row.save()
    assert whole in notes()
    row.delete()
    assert whole in notes()


def test_every_kind_of_row_has_its_test():
    assert sorted(THINGS.values()) == sorted(MAKERS)
    assert sorted(model.__name__ for model in PARTS) == sorted(PART_MAKERS)


@pytest.mark.parametrize("maker", [factories.PaperFactory, factories.PrizeFactory])
def test_filing_under_a_topic_is_a_change(maker, notes):
    row, topic = maker(), factories.TopicFactory()
    notes()
    row.topics.add(topic)
    assert [key for _, key, verb in notes() if verb == "updated"] == [str(row.pk)]
    row.topics.clear()
    assert [key for _, key, verb in notes() if verb == "updated"] == [str(row.pk)]


def test_a_deletion_takes_what_hangs_on_it_along(notes):
    entry = factories.LinkFactory().entry
    notes()
    entry.issue.delete()
    verbs = {(kind, verb) for kind, _, verb in notes()}
    assert {("issue", "deleted"), ("entry", "deleted")} <= verbs


def test_what_is_taken_back_was_never_noted(notes):
    with transaction.atomic():
        factories.PaperFactory()
        transaction.set_rollback(True)
    assert notes() == []
