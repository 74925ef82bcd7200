import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markup.slugs import slugify, unique_slug
from markup.text import (
    ascii_fold,
    clean_line,
    clean_text,
    has_bidi_control,
    has_lone_surrogate,
    has_visible_text,
)

ANY_TEXT = st.text(st.characters(), max_size=40) | st.text(
    "e\u0301\u200b\u200c\u200d\u202e\u2066\ufeff\u00ad \n\r\t\x00\x0b"
    "\x85\u2028öA\ud800\ufffe\U0001fffe",
    max_size=20,
)


@settings(max_examples=200)
@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(text):
    for clean in (clean_text, clean_line):
        assert clean(clean(text)) == clean(text)


@settings(max_examples=200)
@given(ANY_TEXT)
def test_clean_text_fits_feeds_and_databases(text):
    cleaned = clean_text(text)

    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in cleaned)
    assert not any(ord(char) & 0xFFFE == 0xFFFE for char in cleaned)


@settings(max_examples=200)
@given(ANY_TEXT)
def test_a_clean_line_is_one_line_without_hidden_order(text):
    line = clean_line(text)

    assert line == " ".join(line.split())
    assert not has_bidi_control(line)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("A\x00A\x0b\x07", "AA"),
        ("e\u0301", "é"),
        ("a\ud800b\ufffec\uffff", "abc"),
        ("a\tb", "a\tb"),
    ],
)
def test_text_of_several_lines(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\u00a0 a\u00a0\n\u2003b ", "a b"),
        ("in\u200bvis\ufeffible\u00ad", "invisible"),
        ("gpj\u202eexe", "gpj⟦RLO⟧exe"),
        ("\u2066x\u2069", "⟦LRI⟧x⟦PDI⟧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("ad\u200dmin", "admin"),
    ],
)
def test_lines(raw, clean):
    assert clean_line(raw) == clean


def test_lone_surrogates_are_seen():
    assert has_lone_surrogate("a\ud83d")
    assert not has_lone_surrogate("a😀")


def test_what_looks_empty_is_empty():
    assert not any(
        map(has_visible_text, ["", " \n", "\u200b\u200d\ufeff", "\u3164\u2800", "\u202e"])
    )
    assert has_visible_text("\u200ba")


def test_latin_letters_fold_to_ascii():
    assert ascii_fold("Tramèr Łukasz Ørsted Straße Şık") == "Tramer Lukasz Orsted Strasse Sik"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Don't Panic: a Guide", "dont-panic-a-guide"),
        ("ML Safety Newsletter #9", "ml-safety-newsletter-9"),
        ("../../etc/passwd", "etc-passwd"),
        ("Über Größe", "uber-grosse"),
        ("%2f\x00..\\", "2f"),
    ],
)
def test_slugs(title, slug):
    assert slugify(title) == slug


def test_titles_in_other_scripts_get_slugs_of_their_own():
    slugs = {slugify(title) for title in ["深度学习", "强化学习", "", "GPT 的深度学习研究"]}

    assert len(slugs) == 4
    assert all(slug.isascii() and slug for slug in slugs)


@settings(max_examples=200)
@given(ANY_TEXT)
def test_a_slug_is_never_empty_never_a_path_and_stays_as_it_is(title):
    slug = slugify(title)

    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 0 < len(slug) <= 80
    assert slugify(slug) == slug


def test_a_long_title_is_cut_between_words():
    assert slugify("word " * 40).endswith("-word")


def test_the_first_free_number_makes_a_slug_unique():
    assert unique_slug("a", set()) == "a"
    assert unique_slug("a", {"a", "a-2"}) == "a-3"
    assert unique_slug("a", lambda slug: slug == "a") == "a-2"
