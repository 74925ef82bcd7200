"""What each line is: decided before the transaction that writes it, since reading takes time."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from imports.jsonl import Line
from imports.strict_json import Rejected, parse_object
from newsletter.belonging import NoIssue, belongs_to, what_else
from newsletter.importer.issues import address_of, numbers_differ
from newsletter.models import Image, Issue, IssueSource, Publication
from newsletter.reading import Copy, Reader, Reading
from newsletter.records import Record, read_record


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be imported."""

    reason: str
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """It says what the issue says already."""

    issue: int
    reason: str = ""
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """An earlier line of this run was the same."""

    line: int


@dataclass(frozen=True, slots=True)
class Other:
    """A record that is no newsletter issue."""

    record: Record
    reason: NoIssue


@dataclass(frozen=True, slots=True)
class Fresh:
    """An issue, read and rendered, to be created or updated."""

    record: Record
    publication: Publication
    reading: Reading


type Verdict = Refused | Known | Repeated | Other | Fresh


class Judge:
    """Looks at the lines of one run, in order."""

    def __init__(self, reader: Reader, chosen: Publication | None, *, reread: bool) -> None:
        self.reader = reader
        self.chosen = chosen
        self.reread = reread
        self.publications = {p.source: p for p in Publication.objects.all()}
        self.seen: dict[str, int] = {}

    def unchanged(self, lines: Iterable[Line]) -> dict[str, int]:
        """The issues that say, to the byte, what these lines say; no line is parsed for it."""
        if self.reread:
            return {}
        digests = {line.sha256 for line in lines}
        issues = Issue.objects.filter(source_digest__in=digests)
        if self.chosen is not None:
            issues = issues.filter(publication=self.chosen.pk)
        return dict(issues.values_list("source_digest", "pk"))

    def judge(self, line: Line, unchanged: dict[str, int]) -> Verdict:
        if (earlier := self.seen.get(line.sha256)) is not None:
            return Repeated(earlier)
        if (issue := unchanged.get(line.sha256)) is not None:
            self.seen[line.sha256] = line.number
            return Known(issue)
        return self._read(line)

    def _read(self, line: Line) -> Verdict:
        try:
            values, text = parse_object(line)
        except Rejected as error:
            return Refused(str(error))
        try:
            record = read_record(values, text)
        except Rejected as error:
            source_id = values.get("id")
            return Refused(str(error), source_id if isinstance(source_id, str) else None)
        issue = self._issue_of(record)
        if issue is not None and not self.reread and _says(issue, record):
            self.seen[line.sha256] = line.number
            reason = "written otherwise, but the same"
            return Known(issue.pk, reason, record.source_id)
        known = self.publications
        if issue is not None and record.text.strip():
            publication: Publication | NoIssue = issue.publication
        else:
            publication = belongs_to(record, known, self.chosen)
        if isinstance(publication, NoIssue):
            return Other(record, publication)
        self.seen[line.sha256] = line.number
        copies = _copies(issue) if issue else {}
        return Fresh(record, publication, self.reader.read(record.text, publication.slug, copies))

    def _issue_of(self, record: Record) -> Issue | None:
        """The issue whose own id or address this is; that of a cross-post is not its own."""
        own = IssueSource.objects.filter(note="").select_related("issue__publication")
        source = own.filter(source_id=record.source_id).first() if record.source_id else None
        # A paper or a forum's post may have the id of an issue, whose text it must not become.
        if source is not None and what_else(record) and not _came_from(source.issue, record):
            source = None
        address = address_of(record)
        # A forum's post about an issue may give the issue's address as its own.
        if source is None and address is not None and what_else(record) is None:
            source = own.filter(canonical_url=address).first()
            if source is not None and numbers_differ(source.issue, record):
                source = None
        if source is None or self.chosen not in (None, source.issue.publication):
            return None
        return source.issue


def _came_from(issue: Issue, record: Record) -> bool:
    """Whether the issue was read from a record of the same source."""
    if not issue.source_record:
        return False
    return json.loads(issue.source_record).get("source") == record.values.get("source")


def _says(issue: Issue, record: Record) -> bool:
    if not issue.source_record:
        return False
    return json.loads(issue.source_record) == record.values


def _copies(issue: Issue) -> dict[str, Copy]:
    kept = Image.objects.filter(issue=issue).exclude(copy=None).exclude(copy="")
    return {image.url: Copy(image.copy.url, image.width, image.height) for image in kept}
