import pytest

from accounts.models import User
from papers.importing import Result, from_text, import_papers


@pytest.fixture
def maintainer(db) -> User:
    return User.objects.create_user(
        "grace", "grace@example.org", "a long enough passphrase", is_staff=True, is_superuser=True
    )


@pytest.fixture
def take(db):
    def take(text: str, **how) -> Result:
        return import_papers([from_text("pasted", text)], **how)

    return take
