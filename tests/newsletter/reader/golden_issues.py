"""The golden readings beside the issues they are of."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter.reader import ReadIssue

GOLDEN = Path(__file__).parent.parent / "golden"
CATALOGUE = Path(__file__).parents[3] / "fixtures" / "ml_safety_newsletter.jsonl"


@dataclass(frozen=True)
class GoldenIssue:
    publication: str
    text: str
    expected: dict[str, Any]

    def __str__(self) -> str:
        return self.expected["title"]


def read_lines(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line.removesuffix("| |")) for line in map(str.strip, lines) if line]


def golden_issues() -> list[GoldenIssue]:
    issues = []
    for path in sorted(GOLDEN.glob("*.json")):
        golden = json.loads(path.read_text(encoding="utf-8"))
        source = path.with_suffix(".jsonl")
        records = read_lines(source if source.exists() else CATALOGUE)
        texts = {record["title"]: record["text"] for record in records}
        issues += [
            GoldenIssue(golden["publication"], texts[issue["title"]], issue)
            for issue in golden["issues"]
        ]
    return issues


def nine_issues() -> list[GoldenIssue]:
    return [issue for issue in golden_issues() if issue.publication == "ml-safety-newsletter"]


def as_golden(issue: ReadIssue) -> dict[str, Any]:
    """A reading in the form of the golden files."""
    return {
        "highlights": list(issue.highlights),
        "sections": [
            {"heading": section.heading, "topic": section.topic, "level": section.level}
            for section in issue.sections
        ],
        "outside_links": [links_as_golden(link) for link in issue.links],
        "outside_images": len(issue.images),
        "entries": [
            {
                "headline": entry.headline,
                "kind": entry.kind,
                "topic": entry.topic,
                "section": None if entry.section is None else issue.sections[entry.section].heading,
                "links": [links_as_golden(link) for link in entry.links],
                "images": [{"caption": image.caption} for image in entry.images],
            }
            for entry in issue.entries
        ],
    }


def links_as_golden(link) -> dict[str, str]:
    return {"label": link.label, "url": link.url, "role": link.role}
