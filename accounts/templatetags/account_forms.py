from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def bare(field: BoundField) -> SafeString:
    """The field's control without a placeholder: its label says it already, and stays."""
    return field.as_widget(attrs={"placeholder": False})
