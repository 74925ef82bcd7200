"""What the newsletter tells those above it."""

from django.dispatch import Signal

# Sent inside the importer's savepoint once an issue and its parts are saved, and again when a
# re-import changed them. Arguments: issue, outside (text outside entries, for teasers).
issue_read = Signal()
