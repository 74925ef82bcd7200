"""All prizes known so far, to tell whether a new text speaks of one of them."""

from typing import cast

from markup.slugs import slugify, unique_slug
from prizes.models import Prize, PrizeAlias
from prizes.reader.facts import MoneyFact, PrizeFacts, PrizeKind, Qualifier
from prizes.reader.identity import same_prize


class Register:
    """Loaded once for an issue; finds a prize by what is told of it, or adds it."""

    def __init__(self) -> None:
        self.prizes = list(Prize.objects.filter(merged_into=None).order_by("pk"))

    def find_or_add(self, facts: PrizeFacts, rank: int) -> tuple[Prize, bool]:
        """The prize and whether that is sure. A better presentation gives a prize its name."""
        unsure = None
        for prize in self.prizes:
            verdict = same_prize(facts_of(prize), facts)
            if verdict == "match":
                return self._presented(prize, facts, rank), True
            if verdict == "unsure" and unsure is None:
                unsure = prize
        if unsure is not None:
            return self._presented(unsure, facts, rank), False
        return self._add(facts, rank), True

    def _add(self, facts: PrizeFacts, rank: int) -> Prize:
        prize = Prize(slug=free_slug(facts.name), told_rank=rank, **_fields(facts))
        prize.save()
        self.prizes.append(prize)
        return prize

    def _presented(self, prize: Prize, facts: PrizeFacts, rank: int) -> Prize:
        if rank >= prize.told_rank:
            return prize
        for name, value in _fields(facts).items():
            if name not in prize.locked_fields and value is not None:
                setattr(prize, name, value)
        prize.told_rank = rank
        # What was doubtful about a passing mention is settled by the presentation itself.
        prize.needs_review, prize.review_note = False, None
        if "name" not in prize.locked_fields and slugify(prize.name) != prize.slug:
            PrizeAlias.objects.get_or_create(slug=prize.slug, defaults={"prize": prize})
            prize.slug = free_slug(prize.name)
        prize.save()
        return prize


def free_slug(name: str) -> str:
    """An address for a new prize that no prize has or ever had."""
    base = slugify(name)[:100]
    taken = set(Prize.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= set(PrizeAlias.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return unique_slug(base, taken)


def _fields(facts: PrizeFacts) -> dict[str, object]:
    return {
        "name": facts.name[:300],
        "kind": facts.kind,
        "organiser": facts.organiser,
        "website": facts.website,
        "description": facts.description or None,
    }


def facts_of(prize: Prize) -> PrizeFacts:
    """What the rules need to know of a stored prize to compare it with a text."""
    pool = None
    if prize.pool_amount is not None:
        qualifier = cast(Qualifier, prize.pool_qualifier or "exact")
        currency = prize.pool_currency or ""
        pool = MoneyFact(prize.pool_amount, None, currency, qualifier, 0, 0, "")
    return PrizeFacts(
        kind=cast(PrizeKind, prize.kind),
        name=prize.name,
        organiser=prize.organiser,
        website=prize.website,
        description=prize.description or "",
        pool=pool,
        awards=(),
        deadlines=(),
        quote="",
        start=0,
        end=0,
    )
