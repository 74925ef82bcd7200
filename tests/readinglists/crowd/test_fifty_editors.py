"""Many people edit one list over HTTP at once, each from what they read last."""

import random
from collections import Counter
from functools import partial

import pytest

from accounts.models import ApiToken
from tests.readinglists.crowd.editors import Editor, Ledger, OverHttp, assert_nothing_lost
from tests.readinglists.crowd.server import Site
from tests.readinglists.making import join, make_list, put_on
from tests.threads import beside


@pytest.mark.parametrize(
    ("editors", "edits"),
    [
        pytest.param(5, 3, id="5x3"),
        pytest.param(50, 20, id="50x20", marks=pytest.mark.trial),
    ],
)
def test_every_acknowledged_edit_is_there(editors, edits, site_environment, transactional_db):
    made = make_list(visibility="members")
    put_on(made, *(f"https://example.org/{number}" for number in range(3)))
    site = Site(site_environment)
    site.start()

    def edit(editor: Editor) -> None:
        for _ in range(edits):
            editor.insist(editor.chance.choice([editor.rename, editor.retitle]))

    ledgers = []
    try:
        works = []
        for number in range(editors):
            user = made.owner if number == 0 else join(made, "editor")
            _, secret = ApiToken.issue(user, "a token", ["lists:read", "lists:write"])
            ledgers.append(Ledger())
            path = f"/api/v1/lists/{made.pk}/"
            way = OverHttp(site.port, secret)
            works.append(partial(edit, Editor(way, path, ledgers[-1], random.Random(number))))
        beside(*works)
    finally:
        site.close()
    answers = sum((ledger.answers for ledger in ledgers), Counter())
    assert set(answers) <= {200, 412}
    assert answers[200] == editors * edits
    assert_nothing_lost(made, Ledger([word for ledger in ledgers for word in ledger.words]))
    print(f"{editors} editors, {edits} edits each: {dict(answers)}")  # noqa: T201
