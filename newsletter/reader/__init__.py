"""The reader: an issue's Markdown in, its structure out. It knows no database."""

from newsletter.reader.issue import first_heading, read_issue, reading_minutes
from newsletter.reader.publications import PROFILES, Profile, profile_for
from newsletter.reader.structure import ReadEntry, ReadImage, ReadIssue, ReadLink, ReadSection

__all__ = [
    "PROFILES",
    "Profile",
    "ReadEntry",
    "ReadImage",
    "ReadIssue",
    "ReadLink",
    "ReadSection",
    "first_heading",
    "profile_for",
    "read_issue",
    "reading_minutes",
]
