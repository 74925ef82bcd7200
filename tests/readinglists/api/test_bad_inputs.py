"""Bad inputs of the API of lists (the numbers are those of the list of bad inputs)."""

import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from accounts.models import ApiToken
from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList
from tests.readinglists.api.conftest import PLACE, Caller, codes, place_of
from tests.readinglists.making import add_section, put_on, say

# What is refused before any row is looked for is refused on either database.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

HUGE = 99999999999999999999999
ROWS = (ReadingList, ListSection, Item, Note, ListEvent)


class Place:
    """Where something is sent, and a body that would be taken."""

    def __init__(self, method: str, path: str, body: dict[str, Any], missing: set[str]) -> None:
        self.method, self.path, self.body, self.missing = method, path, body, missing


@pytest.fixture
def places(owner, reading_list) -> dict[str, Place]:
    section = add_section(reading_list)
    [item] = put_on(reading_list, "https://example.org/a", section=section.pk)
    note = say(item)
    of = {"item": str(item.pk), "markdown": "X"}
    order = {"items": [], "sections": [{"id": str(section.pk), "items": [str(item.pk)]}]}
    what = {"paper", "entry", "prize", "url", "identifier"}
    return {
        "a list": Place("POST", PLACE, {"title": "X"}, {"title"}),
        "a list changed": Place("PATCH", place_of(reading_list), {"title": "X"}, set()),
        "order": Place("PUT", place_of(reading_list, "order"), order, {"items"}),
        "sort": Place("POST", place_of(reading_list, "sort"), {"by": "title"}, {"by"}),
        "restore": Place("POST", place_of(reading_list, "restore"), {"version": 1}, {"version"}),
        "an item": Place("POST", place_of(reading_list, "items"), {"url": "https://b.org/"}, what),
        "an item changed": Place(
            "PATCH", place_of(reading_list, "items", item.pk), {"title": "X"}, set()
        ),
        "a section": Place("POST", place_of(reading_list, "sections"), {"title": "X"}, {"title"}),
        "a section changed": Place(
            "PATCH", place_of(reading_list, "sections", section.pk), {"title": "X"}, set()
        ),
        "a note": Place("POST", place_of(reading_list, "notes"), of, {"item", "markdown"}),
        "a note changed": Place(
            "PATCH", place_of(reading_list, "notes", note.pk), {"markdown": "X"}, set()
        ),
    }


def sent(owner: Caller, place: Place, body: object, **headers: str) -> Any:
    tag = f'"{version_of(owner, place)}"' if place.path != PLACE else '"1"'
    return owner.send(place.method, place.path, body, If_Match=tag, **headers)


def version_of(owner: Caller, place: Place) -> int:
    path = place.path
    for name in ("order/", "sort/", "restore/"):
        path = path.removesuffix(name)
    return owner.get(path).json().get("version", 1)


def counted() -> list[Any]:
    return [*(model._base_manager.count() for model in ROWS)]


@pytest.mark.parametrize("raw", [b"", b"{}"])
def test_bad_50_a_body_of_nothing_names_all_that_is_missing(owner, places, raw):
    for name, place in places.items():
        answer = sent(owner, place, raw)
        if place.missing:
            assert answer.status_code == 400, name
            assert {k: v for k, v in codes(answer).items() if v == "required"} == dict.fromkeys(
                place.missing, "required"
            ), name
        elif raw:
            assert answer.status_code == 200, (name, answer.content)


@pytest.mark.parametrize("raw", [b"[]", b"null", b'"x"', b"3", b"true", b'[{"title":"X"}]'])
def test_bad_51_a_body_that_is_no_object(owner, places, raw):
    before = counted()
    for name, place in places.items():
        if name == "an item" and raw.startswith(b"["):
            continue  # there an array is many items: see the tests of adding many
        assert sent(owner, place, raw).status_code == 400, name
    assert counted() == before


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        pytest.param(b'{"title": ', 400, id="bad_52 cut off"),
        pytest.param(b'{"title": "X",}', 400, id="bad_52 a comma too many"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, 400, id="bad_53 deep"),
        pytest.param(b'{"title": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", 400, id="bad_53 inside"),
        pytest.param(b'{"title": "' + b"x" * 2_700_000 + b'"}', 413, id="bad_54 large"),
        pytest.param(b'{"title": "\xff\xfe"}', 400, id="bad_56 no UTF-8"),
        pytest.param(b'{"title": "\\ud800"}', 400, id="bad_56 half a character"),
        pytest.param(b'{"title": 1e400}', 400, id="bad_58 infinite"),
        pytest.param(b'{"title": NaN}', 400, id="bad_58 no number"),
        pytest.param(b'{"title": "X", "title": "Y"}', 400, id="bad_60 twice"),
    ],
)
def test_bad_52_53_54_56_58_what_is_no_fit_json(owner, places, raw, status):
    before = counted()
    for name, place in places.items():
        answer = sent(owner, place, raw)
        assert answer.status_code == status, (name, answer.content[:200])
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
    assert counted() == before


def test_bad_52_the_mistake_in_json_has_its_position(owner, places):
    answer = sent(owner, places["a list"], b'{"title": }')
    assert answer.json()["position"] == 10


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "text/html"],
)
def test_bad_55_a_body_of_another_type(owner, places, content_type):
    for name, place in places.items():
        answer = owner.client.generic(
            place.method,
            place.path,
            json.dumps(place.body),
            content_type=content_type,
            headers={"If-Match": '"1"'},
        )
        assert answer.status_code == 415, name


# What stands for a text in a body, the code it is refused with.
TEXTS = [
    ("a\x00b", "null_character", "bad_57 NUL"),
    (5, "invalid", "bad_58 a number"),
    (1.5, "invalid", "bad_58 a fraction"),
    (True, "invalid", "bad_58 a truth"),
    (["X"], "invalid", "bad_58 an array"),
    ({"a": 1}, "invalid", "bad_58 an object"),
    ("x" * 60_000, "max_length", "bad_82 too long"),
    (" \u200b\u2060 ", "blank", "bad_35 nothing to see"),
]


@pytest.mark.parametrize(("text", "code"), [t[:2] for t in TEXTS], ids=[t[2] for t in TEXTS])
def test_bad_57_58_what_is_no_fit_text(owner, places, text, code):
    before = counted()
    fields = {"a list": "title", "a section": "title", "a note": "markdown", "an item": "title"}
    for name, field in fields.items():
        place = places[name]
        answer = sent(owner, place, {**place.body, field: text})
        assert answer.status_code == 400, name
        assert codes(answer) == {None if code == "null_character" else field: code}, name
    assert counted() == before


@pytest.mark.parametrize("number", [HUGE, -HUGE, 2**63, 0, -1, 1.5, "1", None, True, [1]])
def test_bad_59_a_number_no_database_holds(owner, places, reading_list, number):
    place = places["an item"]
    for field in ("paper", "entry", "prize", "position"):
        body = {"url": "https://b.org/", field: number} if field == "position" else {field: number}
        answer = sent(owner, place, body)
        if field == "position" and number == 2**63:
            continue  # far behind the last: the last
        assert answer.status_code == 400, (field, number)
    version = sent(owner, places["restore"], {"version": number})
    assert version.status_code == 400
    for path in ("?paper=", "items/?paper=", "events/?since="):
        base = PLACE if path.startswith("?") else place_of(reading_list)
        assert owner.get(f"{base}{path}{quote(str(HUGE))}").status_code == 400


def test_bad_59_63_an_id_that_is_none_names_nothing(owner, reading_list):
    parts = ("items", "sections", "notes", "events")
    for name in ("x", "1", str(HUGE), "0" * 31, "not-a-uuid", "%00", "é"):
        for path in (f"{PLACE}{name}/", f"{PLACE}{name}/items/", f"{PLACE}{name}/order/"):
            answer = owner.get(path)
            assert answer.status_code == 404, path
            assert answer.headers["Content-Type"] == "application/problem+json"
        for part in parts:
            assert owner.get(f"{place_of(reading_list, part)}{name}/").status_code == 404
        # As a filter it finds nothing.
        if name.isascii() and "%" not in name:
            assert owner.get(place_of(reading_list, "items"), section=name).json()["count"] == 0
            assert owner.get(place_of(reading_list, "notes"), item=name).json()["count"] == 0


@pytest.mark.parametrize("field", ["colour", "user", "deleted_at", "is_hidden", "__class__", "pk"])
def test_bad_60_an_unknown_field_is_named_and_nothing_done(owner, places, field):
    before = counted()
    for name, place in places.items():
        answer = sent(owner, place, {**place.body, field: "x"})
        assert answer.status_code == 400, name
        assert codes(answer)[field] == "unknown", name
        assert "Known are" in answer.text
    assert counted() == before


READ_ONLY = {
    "a list": {"id", "version", "owner", "slug", "role", "followers", "forked_from", "web_url"},
    "a list changed": {"id", "version", "owner", "created_at", "updated_at", "item_count"},
    "an item": {"id", "version", "list", "added_by", "added_at", "notes", "is_proposed", "kind"},
    "an item changed": {"id", "version", "paper", "url", "added_by", "is_proposed", "notes"},
    "a section": {"id", "version", "list", "prose_html", "item_count"},
    "a section changed": {"id", "version", "list", "prose_html"},
    "a note": {"id", "version", "author", "html", "credit", "created_at"},
    "a note changed": {"id", "version", "author", "html", "credit", "item"},
}


@pytest.mark.parametrize("name", READ_ONLY)
def test_bad_61_what_is_nobodys_to_set_is_refused(owner, somebody, places, name):
    """Mass assignment: an owner, an author, a version or a state that was smuggled in."""
    before = counted()
    place = places[name]
    for field in READ_ONLY[name]:
        value = {"owner": somebody.user.username, "version": 7, "item": str(uuid4())}
        answer = sent(owner, place, {**place.body, field: value.get(field, "x")})
        assert answer.status_code == 400, field
        assert field in codes(answer), field
    assert counted() == before


def test_bad_61_none_of_it_can_be_set(owner, places):
    """All fields that are shown of a thing are sendable, or refused as not one's own to set."""
    for name in ("a list", "an item", "a section", "a note"):
        place = places[name]
        shown = owner.get(place.path).json()["results"][0]
        fields = shown.keys() - place.body.keys() - {"url"}
        answer = sent(owner, place, {**place.body, **dict.fromkeys(fields, object_of(name))})
        assert answer.status_code == 400
        refused = {field for field, code in codes(answer).items() if code == "read_only"}
        assert refused >= READ_ONLY[name] & fields, name


def object_of(name: str) -> Any:
    return {"smuggled": name}


def test_bad_62_what_one_may_not_see_is_refused_as_if_it_were_not_there(owner, places):
    place = places["a list"]
    topics = [sent(owner, place, {**place.body, "cover_topic": each}) for each in ("x", 5, [])]
    assert [codes(each) for each in topics] == [{"cover_topic": "unknown"}] * 3


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "https:example.org",
        "http://localhost/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "https://user:pass@example.org/",
        "https://exa\u202emple.org/",
        "mailto:a@example.org",
        "x" * 5_000,
        "",
    ],
)
def test_bad_30_an_address_that_may_be_no_link(owner, reading_list, url):
    for field in ("url", "identifier"):
        answer = owner.send("POST", place_of(reading_list, "items"), {field: url})
        assert answer.status_code == 400, (field, answer.content)
        assert set(codes(answer)) == {field}
    assert not Item.objects.exists()


def test_bad_67_the_same_key_again_does_nothing_twice(owner, places, reading_list):
    # What takes the list back to its beginning comes last.
    names = sorted(name for name, place in places.items() if place.method == "POST")
    for number, name in enumerate(sorted(names, key="restore".__eq__)):
        place = places[name]
        tag = owner.tag(place_of(reading_list))
        headers = {"Idempotency_Key": f"key-{number}", "If_Match": tag}
        first = owner.send("POST", place.path, place.body, **headers)
        assert first.status_code in {200, 201}, (name, first.content)
        before = counted()
        again = owner.send("POST", place.path, place.body, **headers)
        other = owner.send("POST", place.path, {**place.body, "title": "Other"}, **headers)
        assert (again.status_code, again.content) == (first.status_code, first.content), name
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.headers.get("Location") == first.headers.get("Location")
        assert other.status_code == 422, name
        assert counted() == before
    for key in ("", "a b", "é".encode().decode("latin-1"), "x" * 256):
        answer = owner.send("POST", PLACE, {"title": "X"}, Idempotency_Key=key)
        assert answer.status_code == 400, key


def test_bad_70_a_collection_is_neither_deleted_nor_changed(owner, reading_list):
    for part in ("items", "sections", "notes", "events"):
        for method in ("DELETE", "PATCH", "PUT"):
            answer = owner.send(method, place_of(reading_list, part), {}, If_Match='"1"')
            assert answer.status_code == 405, (part, method)
            assert "GET" in answer.headers["Allow"]
            assert method not in answer.headers["Allow"]
    answer = owner.send("DELETE", PLACE)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


@pytest.mark.parametrize("secret", ["x", "rl_x", "rl_" + "x" * 10_000, "", "rl_é"])
def test_bad_71_a_token_that_is_none_opens_nothing(client, reading_list, secret):
    expected = client.get(PLACE, headers={"Authorization": "Bearer rl_none"})
    for path in (PLACE, place_of(reading_list), place_of(reading_list, "items")):
        header = f"Bearer {secret}".encode().decode("latin-1")
        answer = client.get(path, headers={"Authorization": header})
        assert (answer.status_code, answer.content) == (401, expected.content)
        assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_bad_71_a_token_that_was_revoked_or_whose_owner_is_disabled(owner, reading_list):
    assert owner.get(place_of(reading_list)).status_code == 200
    owner.user.is_active = False
    owner.user.save()
    assert owner.get(place_of(reading_list)).status_code == 401
    owner.user.is_active = True
    owner.user.save()
    ApiToken.objects.update(revoked_at="2020-01-01T00:00:00Z")
    assert owner.get(place_of(reading_list)).status_code == 401


def test_bad_74_to_77_parameters(owner, reading_list):
    for path in (PLACE, *(place_of(reading_list, part) for part in ("items", "notes", "events"))):
        for query, field in (
            ("page_size=0", "page_size"),
            ("page_size=1000000", "page_size"),
            ("cursor=abc", "cursor"),
            ("ordering=owner__email", "ordering"),
            ("ordering=password", "ordering"),
            ("owner__email=x", "owner__email"),
            ("item=a&item=b", "item"),
        ):
            answer = owner.get(f"{path}?{query}")
            assert answer.status_code == 400, (path, query)
            assert list(codes(answer)) == [field]


def test_the_notes_of_an_item_have_an_end(owner, reading_list, monkeypatch):
    monkeypatch.setattr("readinglists.editing.notes.MOST_NOTES", 1)
    monkeypatch.setattr("readinglists.editing.lists.MOST_SECTIONS", 1)
    monkeypatch.setattr("readinglists.editing.lists.MOST_LISTS", 1)
    monkeypatch.setattr("readinglists.editing.items.MOST_ITEMS", 1)
    [item] = put_on(reading_list, "https://example.org/a")
    note = {"item": str(item.pk), "markdown": "X", "audience": "public"}
    add_section(reading_list)
    say(item, owner.user)
    for part, body in (
        ("notes", note),
        ("sections", {"title": "X"}),
        ("items", {"url": "https://example.org/b"}),
    ):
        answer = owner.send("POST", place_of(reading_list, part), body)
        assert (answer.status_code, codes(answer)) == (400, {None: "too_many"}), part
    answer = owner.send("POST", PLACE, {"title": "X"})
    assert (answer.status_code, codes(answer)) == (400, {None: "too_many"})


def test_what_is_sent_is_cleaned_and_never_run(owner, reading_list):
    body = {"title": "<b>\u202eX</b>", "description": "<script>alert(1)</script>[x](javascript:1)"}
    made = owner.send("POST", PLACE, body).json()
    assert "\u202e" not in made["title"]
    assert "<script" not in made["description_html"]
    assert "javascript:" not in made["description_html"]
