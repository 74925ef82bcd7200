"""What prizes and deadlines can be searched by in the query language."""

from django.db.models import Q
from django.http import HttpRequest

from fulltext import engine
from fulltext.expressions import Expression, Leaf
from fulltext.query.conditions import combined
from fulltext.query.fields import ParameterField, register_kind, said
from papers.query_fields import KIND, TITLE_WORDS, TOPIC
from prizes.filters import DeadlineFilter, PrizeFilter
from prizes.models import Prize

STATUS = ParameterField("status", said("that are {}"), "open")
ORGANISER = ParameterField("organiser", said("organised by {}"), "openai")
TOLD_IN = ParameterField("issue", said("told of in the issue {}"), "ml-safety-newsletter-9")


def register() -> None:
    fields = [TOPIC, KIND, STATUS, ORGANISER, TOLD_IN]
    register_kind("prize", "prizes", PrizeFilter, [*fields, TITLE_WORDS])
    register_kind("deadline", "deadlines", DeadlineFilter, fields, of_prize_or_label)


def of_prize_or_label(expression: Expression, request: HttpRequest) -> Q:
    """Deadlines whose prize holds a text, or whose own label does."""

    def holding(text: Leaf) -> Q:
        prizes = Prize.objects.visible_to(request.user).filter(engine.matching("prize", text))
        return Q(prize__in=prizes.values("pk")) | Q(label__icontains=text.text)

    return combined(expression, holding)
