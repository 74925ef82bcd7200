import pytest

from newsletter.numbering import folded, name_in, number_in


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("ML Safety Newsletter #9", 9),
        ("ML\u00a0Safety Newsletter\u00a0#9", 9),
        ("# 12: what happened", 12),
        ("[MLSN #10] Verifying large runs", 10),
        ("The Pump Room Gazette, Issue 31", 31),
        ("Issue no. 4", 4),
        ("The 9th edition", 9),
        ("Tenth Newsletter", 10),
        ("News of the week: the 22nd", 22),
        ("AI Digest 7", 7),
        ("№ 5", 5),
        ("نشرة السلامة #4", 4),
        ("نشرة السلامة #٤", 4),
        ("Harbour Daily: Tuesday, 12 March 2024", None),
        ("A review of 2023", None),
        ("GPT-4 and beyond", None),
        ("Llama 2: open models", None),
        ("#0", None),
        ("#123456789", None),
        ("Newsletter 2023", None),
        ("Newsletter #2023", 2023),
        ("Newsletter", None),
    ],
)
def test_the_number_of_an_issue_is_read_from_its_title(title, number):
    assert number_in(title) == number


def test_a_bare_number_counts_after_the_source_s_own_name_only():
    assert number_in("Import AI 319: sovereign models", "import_ai") == 319
    assert number_in("Llama 2: open models", "import_ai") is None


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("ML Safety Newsletter #9", "ML Safety Newsletter"),
        ("The Pump Room Gazette, Issue 31", "The Pump Room Gazette"),
        ("Sturdy Letters (Issue 3)", "Sturdy Letters"),
        ("Issue 31", None),
        ("Nothing numbered", None),
    ],
)
def test_the_newsletter_s_name_is_what_stands_before_the_number(title, name):
    assert name_in(title) == name


def test_titles_are_compared_by_their_letters_and_digits():
    assert folded("“ML Safety” Newsletter #9 ") == folded("ml safety newsletter 9")
    assert folded("Newsletter 9") != folded("Newsletter 8")
