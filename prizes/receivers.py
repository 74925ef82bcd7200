"""What prizes do when the newsletter below them changes."""

from collections.abc import Iterable

from newsletter.models import Issue


def on_issue_read(sender, issue: Issue, outside: Iterable[str] = (), **kwargs) -> None:
    from prizes.recording import record_prizes  # the rules are loaded only when texts are read

    record_prizes(issue, outside)


def on_issue_taken_back(sender, issue: Issue, whole: bool, **kwargs) -> None:
    from prizes.recording import take_back

    if whole:  # of a part, the issue is read again and tells by itself what is left
        take_back(issue)
