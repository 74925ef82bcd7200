"""Papers that a text names by citation key, as `@hendrycks2021natural`.

The HTML of a text is one for all who read it. So a key leads only to what everybody may see, and by
an address that says no more than the key does: should the paper be hidden later, it leads nowhere.
"""

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from markup.mentions import mentioned_keys
from papers.models import CitationKeyAlias, Paper

# More names than this are no mentions, but a list of names.
MOST = 200


def addresses_in(text: str) -> Mapping[str, str]:
    """Where the keys in a text lead; a key once handed out counts as the one it became."""
    if "@" not in text:
        return {}
    keys = sorted(mentioned_keys(text))[:MOST]
    visible = Paper.objects.visible_to(AnonymousUser())
    found = dict(visible.filter(citation_key__in=keys).values_list("citation_key", "pk"))
    former = CitationKeyAlias.objects.filter(key__in=keys, paper__in=visible)
    found = dict(former.values_list("key", "paper")) | found
    return {key: reverse("papers:short", args=[pk]) for key, pk in sorted(found.items())}
