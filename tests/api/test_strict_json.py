import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from api.errors import problem_response
from api.resources import ApiFace
from api.strict_json import StrictJSONError, read_json

NESTED = b"[" * 100_000


class Echo(ApiFace, APIView):
    http_method_names = ["post"]
    permission_classes: list[type] = []

    def post(self, request):
        return Response({"data": request.data})


def send(body: bytes, content_type: str = "application/json"):
    request = APIRequestFactory().post("/api/v1/x/", body, content_type=content_type)
    return Echo.as_view()(request)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "invalid_json"),
        (b"{", "invalid_json"),
        (b"{'a': 1}", "invalid_json"),
        (b"[1] 2", "invalid_json"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'[{"b": {"a": 1, "a": 1}}]', "duplicate_key"),
        (b"NaN", "invalid_json"),
        (b"[Infinity]", "invalid_json"),
        (b"[-Infinity]", "invalid_json"),
        (b"1e400", "number_too_large"),
        (b"[-1e400]", "number_too_large"),
        (b"1" * 5000, "number_too_large"),
        (b"9223372036854775808", "number_too_large"),
        (b'"\\ud800"', "lone_surrogate"),
        (b'{"a": ["\\udc00"]}', "lone_surrogate"),
        (b'{"\\ud800": 1}', "lone_surrogate"),
        (b'"\\u0000"', "null_character"),
        (b'"\xff"', "invalid_utf8"),
        (b"\xff\xfe[\x00]\x00", "invalid_utf8"),
        (NESTED, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b"[" * 65 + b"]" * 65, "too_deep"),
    ],
)
def test_what_is_no_strict_json_is_named(raw, code):
    with pytest.raises(StrictJSONError) as error:
        read_json(raw)

    assert error.value.code == code


def test_a_mistake_has_its_place():
    with pytest.raises(StrictJSONError, match=r"at line 2, column 3") as syntax:
        read_json(b'{\n  a: "b"}')
    with pytest.raises(StrictJSONError, match="offset 3") as encoding:
        read_json(b'"ab\xff"')

    assert (syntax.value.position, encoding.value.position) == (4, 3)


def test_brackets_within_texts_are_no_nesting():
    assert read_json(json.dumps("[" * 1000).encode()) == "[" * 1000
    assert read_json(b'"\\"[[[\\\\"') == '"[[[\\'


def test_a_long_text_that_never_ends_is_read_once():
    with pytest.raises(StrictJSONError):
        read_json(b'"' + b'\\"' * 1_000_000)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner
        )
    ),
    max_leaves=10,
)


@given(values, st.booleans())
def test_any_ordinary_value_is_read_as_it_was_written(value, ascii_only):
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw):
    reason = "It was read."
    try:
        read_json(raw)
    except StrictJSONError as error:
        reason = error.detail

    assert reason.endswith(".")


@pytest.mark.parametrize("body", [NESTED, b'{"a": 1e400}', b'{"a": "\\u0000"}', b"\xff", b"{"])
def test_a_bad_body_is_a_400_with_its_place_where_it_has_one(db, body):
    answer = send(body)

    assert answer.status_code == 400
    problem = json.loads(answer.content)
    assert len(problem["errors"]) == 1
    assert problem["detail"] == problem["errors"][0]["detail"]


def test_a_body_over_the_size_is_a_413(db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert send(b'"' + b"a" * 98 + b'"').status_code == 200
    assert send(b'"' + b"a" * 99 + b'"').status_code == 413


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data"])
def test_other_media_types_are_a_415(db, media_type):
    assert send(b"{}", media_type).status_code == 415
    assert problem_response(UnsupportedMediaType(media_type), {}).status_code == 415
