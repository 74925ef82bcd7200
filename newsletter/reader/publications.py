"""What is particular to one publication, in one table; the rest the reader takes from the text.

No issue's number and no sentence of an issue stands here: what a row says must hold for issues
not yet written.
"""

from dataclasses import dataclass, field

# Words of a heading that name a topic, in lower case; the longest that fits wins.
GENERIC_TOPICS = {
    "robustness": "robustness",
    "monitoring": "monitoring",
    "alignment": "alignment",
    "systemic safety": "systemic-safety",
    "external safety": "external-safety",
}
CATCH_ALL = "other"


def topic_place(slug: str) -> int:
    """Where a topic stands among others: the known ones in their order, what is left over last."""
    if slug == CATCH_ALL:
        return 100
    known = list(dict.fromkeys(GENERIC_TOPICS.values()))
    return known.index(slug) if slug in known else 50


@dataclass(frozen=True, slots=True)
class Profile:
    """How one publication words what the reader looks for."""

    name: str = ""
    topics: dict[str, str] = field(default_factory=lambda: dict(GENERIC_TOPICS))
    # Headings that group entries though nothing in their form says so, in lower case.
    section_headings: frozenset[str] = frozenset()
    # Paragraphs that begin so are the platform's or the publisher's, not the issue's; lower case.
    notices: tuple[str, ...] = ()
    # Headings under which each issue repeats what its publisher has to say; lower case.
    notice_headings: frozenset[str] = frozenset()
    # The paragraph before the list of what the issue holds contains one of these; lower case.
    highlight_leads: tuple[str, ...] = (
        *("in this edition", "in this issue", "this week", "this month", "in this newsletter"),
        *("we cover", "we focus on", "highlights", "contents", "what's inside"),
    )


DEFAULT = Profile()

PROFILES: dict[str, Profile] = {
    "ml-safety-newsletter": Profile(name="ML Safety Newsletter"),
    "alignment-newsletter": Profile(
        name="Alignment Newsletter",
        topics={
            **GENERIC_TOPICS,
            "adversarial examples": "robustness",
            "interpretability": "monitoring",
        },
        notice_headings=frozenset({"feedback", "podcast"}),
    ),
}


def profile_for(publication: str) -> Profile:
    """The profile of a publication, by slug or by the ``source`` its records carry."""
    return PROFILES.get(publication.strip().casefold().replace("_", "-"), DEFAULT)
