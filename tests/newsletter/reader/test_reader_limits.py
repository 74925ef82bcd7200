"""Hostile and merely large texts: no error, and time that grows with the text only."""

from time import process_time

import pytest

from newsletter.reader import profile_for, read_issue

PROFILE = profile_for("any")
NESTED = {
    "quotes": ">" * 5_000 + " [deep](https://deep.example)",
    "bullets": "* " * 5_000 + "[deep](https://deep.example)",
    "indented bullets": "\n".join("  " * n + "* [a](u)" for n in range(300)),
    "quotes and bullets": "> * " * 2_000 + "[deep](https://deep.example)",
    "images": "![" * 3_000 + "](u)" * 3_000,
    "emphasis": "*_" * 5_000 + "[deep](https://deep.example)" + "_*" * 5_000,
    "html": "<div>" * 5_000 + '<a href="https://deep.example">deep</a>',
}
RUNS = {
    "opening brackets": "[" * 4_000,
    "pairs of brackets": "[" * 4_000 + "]" * 4_000,
    "unfinished links": "[a](" * 4_000,
    "half-closed brackets": "[a [b] " * 4_000,
    "opening angles": "<a " * 8_000,
    "unfinished attributes": "<div>" + '<a href="' * 8_000,
    "unfinished comments": "<div>" + "<!--" * 8_000,
    "ticks": "".join("`" * n + "x" for n in range(300)),
    "sections of character data": "<![CDATA[" * 8_000,
    "emphasis": "*a **b " * 8_000,
    "pipes": "|" * 8_000 + "\n" + "|-" * 8_000,
}
LARGE = {
    "bullets": "* [a](https://a.example/x) and some more text about it. Done.\n",
    "titles": "## A title\n\nText with [a link](https://a.example/x) in it.\n\n",
    "one paragraph": "word [l](u) and. Then ",
    "images in one paragraph": "![a](b)caption",
    "bold titles": "**A title**\n\nText.\n\n",
    "table rows": "|[x](y)|z|\n",
    "rules": "---\n\n[a](b) c\n\n",
}


def seconds_for(text: str) -> float:
    began = process_time()
    read_issue(text, PROFILE)
    return process_time() - began


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED.keys())
def test_deep_nesting_is_no_error_and_loses_no_link(text: str) -> None:
    issue = read_issue(text, PROFILE)

    urls = [link.url for link in issue.links]
    urls += [link.url for entry in issue.entries for link in entry.links]
    assert urls.count("https://deep.example") == text.count("https://deep.example")


@pytest.mark.parametrize("text", RUNS.values(), ids=RUNS.keys())
def test_a_run_of_signs_is_read_at_once(text: str) -> None:
    assert seconds_for(text) < 2


@pytest.mark.parametrize("part", LARGE.values(), ids=LARGE.keys())
def test_time_grows_with_the_text_only(part: str) -> None:
    head = "|a|b|\n|-|-|\n" if part.startswith("|") else ""
    small = min(seconds_for(head + part * (8_000 // len(part))) for _ in range(3))
    large = seconds_for(head + part * (64_000 // len(part)))

    assert large < 20 * max(small, 0.01)
