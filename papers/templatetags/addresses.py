"""Addresses in templates: only one that is safe to follow becomes a link."""

from django import template

from markup.urls import clean_url

register = template.Library()


@register.filter
def followable(address: str | None) -> str | None:
    """The address if it may be a link, whichever way it came into the database; else none."""
    return clean_url(address or "")
