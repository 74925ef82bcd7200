"""Making one work of two papers, and two of it again.

The duplicate's row stays, leading to the paper it was merged into. What hangs on it moves there,
each kind of row by the part that the app it belongs to has registered; `curation.journal` writes
down every row, so that a split gives each one back.
"""

from papers.merging.acts import CannotMerge, CannotSplit, Split, merge, split
from papers.merging.parts import register, registered, rehang
from papers.merging.values import TAKEABLE

__all__ = [
    "TAKEABLE",
    "CannotMerge",
    "CannotSplit",
    "Split",
    "merge",
    "register",
    "registered",
    "rehang",
    "split",
]
