"""Rules that read prizes, money and dates from an entry's text. Pure: no tables, no network."""

from .briefs import read_brief
from .dates import read_dates
from .identity import same_prize, website_key
from .mentions import read_mentions, read_teasers
from .money import read_money
from .opportunities import read_opportunities, read_opportunity
from .zones import window

__all__ = [
    "read_brief",
    "read_dates",
    "read_mentions",
    "read_money",
    "read_opportunities",
    "read_opportunity",
    "read_teasers",
    "same_prize",
    "website_key",
    "window",
]
