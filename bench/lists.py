"""Two lists of the same make for row 11, one of fifty items and one of two thousand, and the
session of their owner: `python -m bench.lists` prints where they are, as JSON."""

import json

import django

django.setup()

from itertools import batched  # noqa: E402

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from papers.models import Paper  # noqa: E402
from readinglists.editing.filling import Filling, fill  # noqa: E402
from readinglists.editing.lists import make_list  # noqa: E402
from readinglists.editing.writing import locked  # noqa: E402
from readinglists.models import Audience, Item, ListSection, Note, ReadingList  # noqa: E402
from readinglists.reading.states import set_state  # noqa: E402

SIZES = {"short": 50, "long": 2_000}
IN_A_SECTION = 20


def main() -> None:
    owner, _ = User.objects.get_or_create(username="curator")
    client = Client()
    client.force_login(owner)
    lists = {name: make(owner, size).get_absolute_url() for name, size in SIZES.items()}
    print(
        json.dumps(
            {**lists, "session": client.cookies[settings.SESSION_COOKIE_NAME].OutputString()}
        )
    )


def make(owner: User, size: int) -> ReadingList:
    """Papers in sections; a note on every other one, of which every fourth was read."""
    made = make_list(owner, f"A list of {size}", visibility="public")
    papers = list(Paper.objects.visible_to(owner).newest_first()[:size])
    filling = Filling()
    for number, part in enumerate(batched(papers, IN_A_SECTION), start=1):
        section = ListSection(title=f"Part {number}", prose_html="<p>What they share.</p>")
        filling.sections.append(section)
        filling.items += [Item(section=section, paper=paper, added_by=owner) for paper in part]
    filling.notes = [
        Note(item=item, author=owner, audience=Audience.PUBLIC, html="<p>Worth reading.</p>")
        for item in filling.items[::2]
    ]
    with transaction.atomic(), locked(made.pk) as held:
        fill(held, owner, "added", filling)
    for paper in papers[::4]:
        set_state(owner, paper, "read")
    made.refresh_from_db()
    return made


if __name__ == "__main__":
    main()
