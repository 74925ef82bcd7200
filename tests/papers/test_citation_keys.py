import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.citation_keys import family_name, mint_key


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Dan Hendrycks", "Hendrycks"),
        ("Hendrycks, Dan", "Hendrycks"),
        ("Jane Doe, Jr.", "Doe"),
        ("Doe, Jane, Jr.", "Doe"),
        ("Sam Altman III", "Altman"),
        ("Laurens van der Maaten", "van der Maaten"),
        ("van der Maaten, Laurens", "van der Maaten"),
        ("Aaron Van den Oord", "Van den Oord"),
        ("Johannes von Oswald", "von Oswald"),
        ("Quoc V. Le", "Le"),
        ("Bo Li", "Li"),
        ("Cristian Danescu-Niculescu-Mizil", "Danescu-Niculescu-Mizil"),
        ("Krishnamurthy (Dj) Dvijotham", "Dvijotham"),
        ("Dan Hendrycks et al.", "Hendrycks"),
        ("OpenOOD authors", "OpenOOD"),
        ("OpenAI", "OpenAI"),
        ("  M.\u00a0Mazeika ", "Mazeika"),
    ],
)
def test_family_names(name, family):
    assert family_name(name) == family


@pytest.mark.parametrize(
    "name", ["", " ", "nan", "NaN", "*", "n/a", "None", "Anonymous", ",", "Jr."]
)
def test_what_stands_for_no_author_is_none(name):
    assert family_name(name) is None


@pytest.mark.parametrize(
    ("authors", "year", "title", "key"),
    [
        (
            ["Dan Hendrycks", "Kevin Zhao"],
            2021,
            "Natural Adversarial Examples",
            "hendrycks2021natural",
        ),
        (["Florian Tramèr"], 2018, "The Space of X", "tramer2018space"),
        (["Laurens van der Maaten"], 2008, "Visualizing Data", "vandermaaten2008visualizing"),
        (["nan", "*", "Jane Doe"], 2020, "On the Use of It", "doe2020on"),
        ([], None, "Unsolved Problems", "anonndunsolved"),
        (["OpenAI"], 2023, "GPT-4 Technical Report", "openai2023technical"),
        (["Jane Doe"], 2020, "What Would Jiminy Cricket Do?", "doe2020jiminy"),
        (["Jane Doe"], 2020, "2022 Expert Survey", "doe2020expert"),
        (["Jane Doe"], 2020, None, "doe2020untitled"),
        (["深度 学习"], 2020, "深度学习", "anon2020untitled"),
    ],
)
def test_keys(authors, year, title, key):
    assert mint_key(authors, year, title, set()) == key


def test_a_clash_adds_the_first_free_letter():
    taken: set[str] = set()
    for _ in range(30):
        taken.add(mint_key(["Jane Doe"], 2020, "Words", taken))

    assert {
        "doe2020words",
        "doe2020wordsa",
        "doe2020wordsz",
        "doe2020wordsaa",
        "doe2020wordsac",
    } <= taken
    assert len(taken) == 30


def test_what_is_taken_may_be_asked():
    assert (
        mint_key(["Jane Doe"], 2020, "Words", lambda key: key == "doe2020words") == "doe2020wordsa"
    )


@settings(max_examples=150)
@given(
    st.lists(st.text(max_size=30), max_size=3),
    st.none() | st.integers(1, 9999),
    st.text(max_size=60),
)
def test_a_key_is_plain_and_always_the_same(authors, year, title):
    key = mint_key(authors, year, title, set())

    assert key.isascii()
    assert key.isalnum()
    assert key == key.lower() == mint_key(authors, year, title, set())
