"""What the newsletter tells those above it."""

from django.dispatch import Signal

# Sent inside the importer's savepoint once an issue and its parts are saved, and again when a
# re-import changed them. Arguments: issue, outside (text outside entries, for teasers), left (ids
# of papers that links pointed at before and do not any more).
issue_read = Signal()

# Sent by undo, in its transaction, before an issue (`whole=True`) or some of its entries are
# taken back, so that those above can take back what they made of them. Arguments: issue, whole.
issue_taken_back = Signal()
