"""The mail that brings an invitation."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from readinglists.models import Invitation
from readinglists.sharing.links import new_secret


@sensitive_variables("secret", "url")
def send(pk: UUID) -> bool:
    """Made and sent here, so that the secret stands in no queue. What has been withdrawn since is
    not sent; an account gets it at the address it has confirmed, whatever was typed."""
    invitation = (
        Invitation.objects.open().select_related("reading_list", "invited_by").filter(pk=pk)
    )
    found = invitation.first()
    address = _address(found) if found else None
    if found is None or address is None:
        return False
    secret, found.digest = new_secret()
    found.save(update_fields=["digest"])
    url = settings.SITE_URL + reverse("readinglists:invitation", args=[secret])
    context = {"invitation": found, "reading_list": found.reading_list, "invitation_url": url}
    get_adapter().deliver("readinglists/mail/invitation", address, context)
    return True


def _address(invitation: Invitation) -> str | None:
    if invitation.user_id:
        confirmed = EmailAddress.objects.filter(user=invitation.user_id, verified=True)
        return confirmed.order_by("-primary", "pk").values_list("email", flat=True).first()
    try:
        validate_email(invitation.addressee)
    except ValidationError:
        return None
    return invitation.addressee
