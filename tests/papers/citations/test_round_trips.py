"""What leaves in a file and comes into an empty instance leaves it again as the same bytes."""

from collections.abc import Iterable, Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from markup.text import clean_line
from newsletter.models import Issue
from papers.citations.citation import Citation
from papers.citations.formats import BIBTEX, CSL_JSON, RIS, ReferenceFormat
from papers.citations.gathering import COLUMNS, citations_of
from papers.importing import sources
from papers.importing.run import import_papers
from papers.models import Paper, Topic
from tests import factories
from tests.catalogue import FIXTURES

FORMS = [BIBTEX, RIS, CSL_JSON]
each_format = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
MAINTAINER = User(username="grace", is_staff=True)


def exported(form: ReferenceFormat, user=MAINTAINER) -> str:
    papers = Paper.objects.visible_to(user).order_by("citation_key").values(*COLUMNS)
    return "".join(form.document(citations_of(list(papers), user)))


def imported(form: ReferenceFormat, text: str):
    name = f"export.{form.extension}"
    return import_papers([sources.from_bytes(name, text.encode())])


def empty_the_catalogue() -> None:
    Issue.objects.all().delete()
    Paper.objects.update(merged_into=None)
    Paper.objects.all().delete()
    Topic.objects.all().delete()


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        names = [str(path) for path in FIXTURES if path.stem != "prizes"]
        call_command("loaddata", *names, verbosity=0)
        yield
        transaction.set_rollback(True)


@each_format
def test_the_first_catalogue_comes_back_to_the_byte(form, _loaded, db):
    before = exported(form)
    empty_the_catalogue()

    result = imported(form, before)

    assert result.counts == {"created": 148}
    assert exported(form) == before
