"""A condition for each text, combined as asked: for what has no texts of its own in the index."""

from collections.abc import Callable
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from fulltext.expressions import And, Expression, Leaf, Not, Or


def combined(expression: Expression, condition: Callable[[Leaf], Q]) -> Q:
    match expression:
        case And(parts):
            return reduce(and_, (combined(part, condition) for part in parts))
        case Or(parts):
            return reduce(or_, (combined(part, condition) for part in parts))
        case Not(part):
            return ~combined(part, condition)
        case _:
            return condition(expression)
