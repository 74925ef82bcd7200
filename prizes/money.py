"""What a prize was known to be worth at an instant. Currencies never mix."""

from collections.abc import Iterable

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from prizes.as_of import AsOf
from prizes.models import Announcement, Award, Prize, StatedMoney
from prizes.retelling import standing


def with_pool(prizes: QuerySet[Prize], as_of: AsOf) -> QuerySet[Prize]:
    """With the pool as it was known then, as `known_pool_…` columns."""
    if as_of.is_now:
        return prizes.annotate(
            known_pool_amount=F("pool_amount"),
            known_pool_currency=F("pool_currency"),
            known_pool_qualifier=F("pool_qualifier"),
        )
    about = Announcement.objects.filter(
        prize=OuterRef("pk"), deadline=None, award=None, amount__isnull=False
    )
    known = about.current_at(as_of.instant).order_by(
        "evidence_lost", "-announced_at", "-recorded_at", "-pk"
    )

    def then(stated: str, kept: str, field: CharField | DecimalField) -> Case:
        # What nobody ever announced was entered by hand, and has no date.
        return Case(
            When(~Exists(about), then=F(kept)),
            default=Subquery(known.values(stated)[:1]),
            output_field=field,
        )

    return prizes.annotate(
        known_pool_amount=then(
            "amount", "pool_amount", DecimalField(max_digits=16, decimal_places=2)
        ),
        known_pool_currency=then("currency", "pool_currency", CharField()),
        known_pool_qualifier=then("qualifier", "pool_qualifier", CharField()),
    )


def worth_at_least(
    prizes: QuerySet[Prize], amount: object, currency: str, as_of: AsOf
) -> QuerySet[Prize]:
    """By the pool in this currency, else by the largest award in it; expects `with_pool`."""
    awards = _known_awards(as_of).filter(prize=OuterRef("pk"), known_currency=currency)
    worth = Coalesce(
        Case(When(known_pool_currency=currency, then=F("known_pool_amount"))),
        Subquery(awards.order_by(F("known_most").desc(nulls_last=True)).values("known_most")[:1]),
    )
    return prizes.annotate(worth=worth).filter(worth__gte=amount)


def in_currency(currency: str, as_of: AsOf) -> Q:
    """Prizes with a pool or an award in it; expects `with_pool`."""
    awards = _known_awards(as_of).filter(known_currency=currency, known_most__isnull=False)
    return Q(known_pool_currency=currency) | Q(pk__in=awards.values("prize"))


def _known_awards(as_of: AsOf) -> QuerySet[Award]:
    """With the most that each was known to bring, and its currency."""
    most = Coalesce(F("amount_max"), F("amount"))
    if as_of.is_now:
        return Award.objects.annotate(known_most=most, known_currency=F("currency"))
    about = Announcement.objects.filter(award=OuterRef("pk"), amount__isnull=False)
    known = about.current_at(as_of.instant).order_by(
        "evidence_lost", "-announced_at", "-recorded_at", "-pk"
    )
    known = known.annotate(most=most)
    is_undated = ~Exists(about)  # entered by hand
    amount = DecimalField(max_digits=16, decimal_places=2)
    return Award.objects.annotate(
        known_most=Case(
            When(is_undated, then=most),
            default=Subquery(known.values("most")[:1]),
            output_field=amount,
        ),
        known_currency=Case(
            When(is_undated, then=F("currency")),
            default=Subquery(known.values("currency")[:1]),
            output_field=CharField(),
        ),
    )


def award_as_of(
    award: Award, announcements: Iterable[Announcement], as_of: AsOf
) -> StatedMoney | None:
    """What was stated of the award by then, or none if it had not been announced."""
    about = [a for a in announcements if a.award_id == award.pk and a.amount is not None]
    if as_of.is_now or not about:
        return award
    known = [a for a in about if a.announced_at <= as_of.instant]
    return standing(known)[-1] if known else None
