"""Find, rank, highlight, correct: all that the rest of the site knows of the index.

A kind is named as in the registry ("paper"). No function here looks at what somebody may see but
`suggestion`: whoever asks starts from a queryset of `visible_to(user)`.
"""

from fulltext.correcting import suggestion
from fulltext.highlighting import Marker, highlighted, highlights, texts_of
from fulltext.numbering import keys_by_number, numbers_by_key
from fulltext.ranking import MOST_RANKED, Ranking, matching, ranked
from fulltext.sought import Sought

__all__ = [
    "MOST_RANKED",
    "Marker",
    "Ranking",
    "Sought",
    "highlighted",
    "highlights",
    "keys_by_number",
    "matching",
    "numbers_by_key",
    "ranked",
    "suggestion",
    "texts_of",
]
