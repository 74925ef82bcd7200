"""What a former name of a prize leads to: one renamed, or merged into another."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from prizes.models import Prize, PrizeAlias

MERGES_FOLLOWED = 10


def standing_prize(name: str, user) -> Prize:
    """By slug or id; what somebody may not see is not there."""
    prizes = Prize.objects.select_related("merged_into")
    prize = prizes.filter(pk=int(name)).first() if _is_id(name) else None
    prize = prize or prizes.filter(slug=name).first()
    if prize is None:
        prize = get_object_or_404(PrizeAlias.objects.select_related("prize"), slug=name).prize
    for _ in range(MERGES_FOLLOWED):
        if prize.merged_into is None:
            return get_object_or_404(Prize.objects.visible_to(user), pk=prize.pk)
        prize = prize.merged_into
    raise Http404("Merged in a circle.")


def _is_id(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= 18
