"""The reader held to issues that people have read."""

import re
from collections import Counter

import pytest

from newsletter.reader import profile_for, read_issue
from tests.newsletter.reader.golden_issues import (
    GoldenIssue,
    as_golden,
    golden_issues,
    nine_issues,
)


@pytest.mark.parametrize("golden", golden_issues(), ids=str)
def test_an_issue_is_read_as_people_read_it(golden: GoldenIssue) -> None:
    read = as_golden(read_issue(golden.text, profile_for(golden.publication)))

    assert read["entries"] == golden.expected["entries"]
    assert read == {key: golden.expected[key] for key in read}


def test_the_nine_issues_add_up() -> None:
    issues = [read_issue(golden.text, profile_for(golden.publication)) for golden in nine_issues()]
    entries = [entry for issue in issues for entry in issue.entries]

    kinds = Counter(entry.kind for entry in entries)
    assert kinds == {"feature": 43, "brief": 88, "news": 20, "opportunity": 7}
    assert sum(len(entry.links) for entry in entries) == 193
    assert sum(len(issue.links) for issue in issues) == 3
    assert sum(len(entry.images) for entry in entries) == 54


def test_nothing_in_the_nine_issues_is_left_unsure() -> None:
    for golden in nine_issues():
        issue = read_issue(golden.text, profile_for(golden.publication))
        assert [entry.unsure for entry in issue.entries if entry.unsure] == []
        assert issue.warnings == ()


def atx_headings(text: str) -> str:
    text = re.sub(r"^(\S.*)\n=+$", r"# \1", text, flags=re.M)
    return re.sub(r"^(\S.*)\n-+$", r"## \1", text, flags=re.M)


OTHER_MARKUP = {
    "headings with number signs": atx_headings,
    "dashes as bullets": lambda text: re.sub(r"^\* ", "- ", text, flags=re.M),
    "stars as rules": lambda text: re.sub(r"^---$", "* * *", text, flags=re.M),
    "line feeds of Windows": lambda text: text.replace("\n", "\r\n"),
    "escaped brackets": lambda text: re.sub(
        r"\[\[(Link|Paper|Video)\]\((\S+?)\)\]", r"\\[[\1](\2)\\]", text
    ),
    "underlines for emphasis": lambda text: re.sub(
        r"\*\*(\[+(?:Link|Paper|Video)\]*\(\S+?\)\]?)\*\*", r"__\1__", text
    ),
    "no title bold": lambda text: re.sub(r"^(#+) \*\*(.+)\*\*$", r"\1 \2", text, flags=re.M),
}


@pytest.mark.parametrize("change", OTHER_MARKUP.values(), ids=OTHER_MARKUP.keys())
def test_the_same_issues_in_other_markup_read_the_same(change) -> None:
    for golden in nine_issues():
        text = change(golden.text)
        read = as_golden(read_issue(text, profile_for(golden.publication)))

        assert read["entries"] == golden.expected["entries"]


def test_a_publication_nobody_knows_reads_the_nine_issues_as_well() -> None:
    for golden in nine_issues():
        assert read_issue(golden.text, profile_for("unheard-of")) == read_issue(
            golden.text, profile_for("ml_safety_newsletter")
        )
