"""What happens to papers, for those who listen."""

from django.dispatch import Signal

# Sent in the transaction that files papers of which little more than an identifier is known, to
# have them completed from public services. Arguments: papers (ids).
paper_wants_completion = Signal()

# Sent in the transaction that completes a paper, when a service names an identifier of it that
# another paper has: the two may be one work. Arguments: paper, other (rows), evidence (in words).
same_work_found = Signal()
