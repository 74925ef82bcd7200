"""All prizes known so far, to tell whether a new text speaks of one of them."""

from collections.abc import Iterable, Sequence
from typing import cast

from markup.slugs import slugify, unique_slug
from newsletter.models import Entry
from prizes.derived import is_derived
from prizes.models import Award, Prize, PrizeAlias, PrizeMention
from prizes.reader.briefs import IN_BRIEF
from prizes.reader.facts import AwardFact, Basis, MoneyFact, PrizeFacts, PrizeKind
from prizes.reader.identity import same_prize
from prizes.reader.mentions import IN_PASSING
from prizes.telling import OUTSIDE, RANKS, Telling


class Register:
    """Loaded once for an issue; finds a prize by what is told of it, or adds it."""

    def __init__(self) -> None:
        self.prizes = {prize.pk: prize for prize in Prize.objects.order_by("pk")}
        awards: dict[int, list[Award]] = {}
        for award in Award.objects.order_by("position", "pk"):
            awards.setdefault(award.prize_id, []).append(award)
        self.facts = {pk: facts_of(prize, awards.get(pk, ())) for pk, prize in self.prizes.items()}

    def find_or_add(self, telling: Telling) -> tuple[Prize, bool]:
        """The prize and whether that is sure. The best presentation gives a prize its name."""
        prize, is_sure = self._find(telling)
        if prize is None:
            return self._add(telling), True
        # Nobody else's from here on: a maintainer may have written to it since it was read.
        prize.refresh_from_db(from_queryset=Prize.objects.select_for_update())
        if is_best(telling, prize):
            self._present(telling, prize)
        return prize, is_sure

    def learn(self, prize: Prize) -> None:
        """Compare the next tellings with what is known of a prize by now."""
        self.facts[prize.pk] = facts_of(prize, list(prize.awards.all()))

    def _find(self, telling: Telling) -> tuple[Prize | None, bool]:
        # Once told, it is the prize it was taken for then, or a maintainer made it since.
        known = PrizeMention.objects.filter(pk=telling.key).values_list("prize", flat=True)
        for primary_key in known:
            return self._standing(self.prizes[primary_key]), True
        unsure = None
        for prize in self.prizes.values():
            verdict = same_prize(self.facts[prize.pk], telling.facts)
            if verdict == "match":
                return self._standing(prize), True
            if verdict == "unsure" and unsure is None:
                unsure = prize
        return (self._standing(unsure), False) if unsure else (None, True)

    def _standing(self, prize: Prize) -> Prize:
        """The prize that a merged one was merged into, however often."""
        while prize.merged_into_id is not None:
            prize = self.prizes[prize.merged_into_id]
        return prize

    def _add(self, telling: Telling) -> Prize:
        fields = _fields(telling.facts)
        prize = Prize(slug=free_slug(telling.facts.name), told_rank=telling.rank, **fields)
        prize.save()
        self.prizes[prize.pk] = prize
        self.learn(prize)
        return prize

    def _present(self, telling: Telling, prize: Prize) -> None:
        before = {field.attname: getattr(prize, field.attname) for field in prize._meta.fields}
        for name, value in _fields(telling.facts).items():
            if name not in prize.locked_fields:
                setattr(prize, name, value)
        if telling.rank < prize.told_rank:
            self._settle_passing(prize)
        if telling.rank != prize.told_rank and "slug" not in prize.locked_fields:
            rename(prize)  # an edited headline keeps its address, another place brings its own
        prize.told_rank = telling.rank
        if any(getattr(prize, name) != value for name, value in before.items()):
            prize.save()

    def _settle_passing(self, prize: Prize) -> None:
        """What was doubtful about a lesser mention is settled by the presentation itself."""
        notes = (prize.review_note or "").splitlines()
        rest = [line for line in notes if line not in (IN_BRIEF, IN_PASSING)]
        if rest != notes:
            prize.review_note = "\n".join(rest) or None
            prize.needs_review = prize.needs_review and bool(rest)


def is_best(telling: Telling, prize: Prize) -> bool:
    """Whether no other place presents a prize better, or as well and earlier."""
    others = PrizeMention.objects.filter(prize=prize).exclude(pk=telling.key)
    ranks = [
        (_rank(mention.entry), mention.issue.published_at or mention.issue.created_at)
        for mention in others.select_related("entry", "issue").only(
            "entry__kind", "issue__published_at", "issue__created_at"
        )
    ]
    if not ranks and not _was_told(prize):
        return False  # added by hand: its words are its maintainer's
    return all((telling.rank, telling.told_at) <= other for other in ranks)


def _was_told(prize: Prize) -> bool:
    return any(is_derived(key) for key in prize.announcements.values_list("pk", flat=True))


def _rank(entry: Entry | None) -> int:
    return RANKS.get(entry.kind, OUTSIDE) if entry else OUTSIDE


def rename(prize: Prize) -> None:
    """Give a prize the address of its name; under the old one it is still found."""
    name = slugify(prize.name)[:100]
    if name == prize.slug:
        return
    aliases = PrizeAlias.objects.filter(prize=prize)
    aliases.filter(slug=name).delete()
    PrizeAlias.objects.get_or_create(slug=prize.slug, defaults={"prize": prize})
    prize.slug = free_slug(prize.name)


def free_slug(name: str) -> str:
    """An address for a prize that no prize has or ever had."""
    base = slugify(name)[:100]
    taken = set(Prize.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= set(PrizeAlias.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return unique_slug(base, taken)


def note(prize: Prize, doubts: Iterable[str]) -> None:
    """Mark a prize for review with these words, once: a maintainer may have settled them."""
    known = (prize.review_note or "").splitlines()
    new = [doubt for doubt in (" ".join(d.split()) for d in doubts) if doubt not in known]
    if new:
        prize.needs_review = True
        prize.review_note = "\n".join([*known, *dict.fromkeys(new)])
        prize.save(update_fields=["needs_review", "review_note", "updated_at"])


def _fields(facts: PrizeFacts) -> dict[str, str | None]:
    return {
        "name": facts.name[:300],
        "kind": facts.kind,
        "organiser": facts.organiser and facts.organiser[:200],
        "website": facts.website,
        "description": facts.description or None,
    }


def facts_of(prize: Prize, awards: Sequence[Award]) -> PrizeFacts:
    """What the rules need to know of a stored prize to compare it with a text."""
    pool = None
    if prize.pool_amount is not None:
        pool = _money(prize.pool_amount, None, prize.pool_currency, prize.pool_qualifier)
    return PrizeFacts(
        kind=cast(PrizeKind, prize.kind),
        name=prize.name,
        organiser=prize.organiser,
        website=prize.website,
        description=prize.description or "",
        pool=pool,
        awards=tuple(_award(a) for a in awards if a.amount is not None),
        deadlines=(),
        quote="",
        start=0,
        end=0,
    )


def _award(award: Award) -> AwardFact:
    money = _money(award.amount, award.amount_max, award.currency, award.qualifier)
    basis = cast(Basis, award.basis)
    return AwardFact(award.label, money, basis, award.count, award.part_of_pool, "")


def _money(amount, amount_max, currency, qualifier) -> MoneyFact:
    return MoneyFact(amount, amount_max, currency or "", qualifier or "exact", 0, 0, "")
