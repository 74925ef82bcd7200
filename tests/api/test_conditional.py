import pytest
from rest_framework.test import APIRequestFactory

from api.conditional import (
    MalformedPrecondition,
    PreconditionFailed,
    PreconditionRequired,
    content_etag,
    require_match,
    required_version,
    version_etag,
)
from api.errors import problem_response


def changing(if_match: str | None):
    headers = {} if if_match is None else {"If-Match": if_match}
    return APIRequestFactory().patch("/", headers=headers)


def check(if_match: str | None, version: int = 7) -> None:
    require_match(changing(if_match), version, lambda: ('"7-aa"', {"title": "theirs"}))


@pytest.mark.parametrize("if_match", ['"7"', '"7-4f2a"', version_etag(7, "members", "csv")])
def test_the_version_alone_is_compared(if_match):
    check(if_match)

    assert required_version(changing(if_match)) == 7


@pytest.mark.parametrize("if_match", [None, "", "*", " * "])
def test_writing_without_a_version_is_a_428(if_match):
    with pytest.raises(PreconditionRequired) as error:
        check(if_match)

    assert error.value.status_code == 428


@pytest.mark.parametrize(
    "if_match", ['W/"7"', '"abc"', "7", '"7', '"7", "8"', '"-7"', '"7-XY"', '"' + "9" * 30 + '"']
)
def test_a_tag_that_is_none_of_ours_is_a_400(if_match):
    with pytest.raises(MalformedPrecondition) as error:
        check(if_match)

    assert error.value.status_code == 400


def test_a_stale_version_is_a_412_with_the_current_state():
    with pytest.raises(PreconditionFailed) as error:
        check('"6-4f2a"')

    answer = problem_response(error.value, {})
    assert answer.status_code == 412
    assert answer.headers["ETag"] == '"7-aa"'
    assert b'"current":{"title":"theirs"}' in answer.content


def test_tags_differ_by_audience_and_format_but_begin_with_the_version():
    tags = {version_etag(7, *shown) for shown in [("a", "json"), ("b", "json"), ("a", "csv"), ()]}

    assert len(tags) == 4
    assert all(tag.startswith('"7-') for tag in tags)


def test_a_tag_of_content_is_weak_where_asked():
    assert content_etag(b"a", weak=True) == f"W/{content_etag(b'a', weak=False)}"
    assert content_etag(b"a", weak=False) != content_etag(b"b", weak=False)


@pytest.mark.parametrize("junk", ["", "junk", '"', "W/", "*x", '"a', "\x7f"])
def test_bad_92_a_junk_if_none_match_is_no_match(client, db, junk):
    assert client.get("/api/v1/topics/", headers={"If-None-Match": junk}).status_code == 200


def test_a_star_matches_what_is_there(client, db):
    assert client.get("/api/v1/topics/", headers={"If-None-Match": "*"}).status_code == 304
