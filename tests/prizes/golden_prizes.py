"""The prizes of the first catalogue as a person reads them, and the text each stands in."""

import datetime as dt
import json
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "fixtures" / "ml_safety_newsletter.jsonl"
GOLDEN = json.loads((HERE / "golden" / "prizes.json").read_text())


@cache
def issue(number: int) -> tuple[str, dt.date]:
    """Markdown and day of publication of an issue."""
    for line in CATALOGUE.read_text().splitlines():
        record = json.loads(line.rstrip().removesuffix("| |"))
        if record["title"].endswith(f"#{number}"):
            return record["text"], dt.datetime.fromisoformat(record["date_published"]).date()
    raise LookupError(number)


def entry_text(issue_number: int, starts: str, ends: str | None) -> str:
    """An entry cut from its issue by the words it starts and the ones the next starts with."""
    text, _ = issue(issue_number)
    begin = text.index(starts)
    return text[begin : text.index(ends, begin + 1)] if ends else text[begin:]
