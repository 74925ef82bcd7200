"""Find, rank, highlight, correct: all that the rest of the site knows of the index.

A kind is named as in the registry ("paper"). No function here looks at what somebody may see but
`corrections`: whoever asks starts from a queryset of `visible_to(user)`.
"""

from fulltext.allowing import allowed_keys
from fulltext.correcting import Text, corrections
from fulltext.highlighting import Marker, highlighted
from fulltext.numbering import key_of, keys_by_number, number_of
from fulltext.ranking import MOST_RANKED, Ranking, among_matches, matching, ranked, rankings
from fulltext.sought import Sought

__all__ = [
    "MOST_RANKED",
    "Marker",
    "Ranking",
    "Sought",
    "Text",
    "allowed_keys",
    "among_matches",
    "corrections",
    "highlighted",
    "key_of",
    "keys_by_number",
    "matching",
    "number_of",
    "ranked",
    "rankings",
]
