"""Money and dates as somebody stated them."""

from django.db import models
from django.db.models import F, Q

from prizes.reader.zones import window


class Qualifier(models.TextChoices):
    EXACT = "exact"
    UP_TO = "up_to", "up to"
    AT_LEAST = "at_least", "at least"
    ABOUT = "about"
    RANGE = "range"


class Precision(models.TextChoices):
    INSTANT = "instant"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    ROLLING = "rolling"
    TBA = "tba", "to be announced"


CURRENCY = r"^[A-Z]{3}$"


class StatedMoney(models.Model):
    """An amount as somebody stated it; null is not known, never 0."""

    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    amount_max = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, null=True, blank=True, help_text="ISO 4217")
    qualifier = models.CharField(max_length=8, choices=Qualifier, null=True, blank=True)

    class Meta:
        abstract = True


def money_constraints(prefix: str) -> list[models.CheckConstraint]:
    """What holds for every stated amount, named for the table it guards."""
    return [
        models.CheckConstraint(
            # Said outright, since a CHECK lets pass what it finds unknown.
            condition=Q(amount=None)
            | Q(amount__gte=0, currency__isnull=False, currency__regex=CURRENCY),
            name=f"{prefix}_amount_has_currency",
            violation_error_message="An amount needs a currency, three capital letters.",
        ),
        models.CheckConstraint(
            condition=Q(amount_max=None) | Q(amount__isnull=False, amount_max__gte=F("amount")),
            name=f"{prefix}_range_in_order",
            violation_error_message="A range goes from the smaller to the larger amount.",
        ),
    ]


class StatedDate(models.Model):
    """A date as somebody stated it, with the two instants between which it may fall."""

    date = models.DateField(null=True, blank=True)
    time = models.TimeField(null=True, blank=True)
    timezone = models.CharField(max_length=64, null=True, blank=True, help_text="IANA name or AoE")
    precision = models.CharField(max_length=7, choices=Precision, null=True, blank=True)
    inclusive = models.BooleanField(default=True, help_text='"before October 27" is not')
    year_inferred = models.BooleanField(default=False, help_text="the year was not printed")
    earliest_utc = models.DateTimeField(null=True, blank=True, editable=False)
    latest_utc = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def set_window(self) -> None:
        """Derive the two instants between which the stated date may fall."""
        bounds = None
        if self.date is not None and self.precision is not None:
            bounds = window(self.date, self.time, self.timezone, self.precision, self.inclusive)
        self.earliest_utc, self.latest_utc = bounds or (None, None)


def date_constraints(prefix: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            condition=(
                Q(precision=None)
                | Q(precision__in=["rolling", "tba"], date=None)
                | Q(precision__in=["day", "month"], date__isnull=False, time=None)
                | Q(precision__in=["instant", "minute"], date__isnull=False, time__isnull=False)
            ),
            name=f"{prefix}_precision_fits",
            violation_error_message=(
                "A day or month needs a date and no time; a minute or instant needs both; "
                "rolling and to-be-announced have neither."
            ),
        ),
        models.CheckConstraint(
            condition=(
                Q(earliest_utc=None, latest_utc=None)
                | Q(
                    earliest_utc__isnull=False,
                    latest_utc__isnull=False,
                    latest_utc__gte=F("earliest_utc"),
                )
            ),
            name=f"{prefix}_window_in_order",
            violation_error_message="The earliest instant cannot lie after the latest.",
        ),
    ]
