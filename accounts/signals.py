"""What other apps may listen to, and what happens at once when an account is switched off."""

from django.db.models.signals import post_save
from django.dispatch import Signal, receiver

from accounts.access import withdraw_access
from accounts.models import User

# Sent inside the transaction that turns an account into a stub, with `user` and `with_texts`: each
# app removes what is that person's own and leaves what others build on; of what they wrote for
# others it leaves nothing either if they said so.
account_deleted = Signal()


@receiver(post_save, sender=User)
def shut_out_when_disabled(sender, instance: User, raw: bool, **kwargs) -> None:
    """Requests of a disabled account are refused anyway; this keeps old keys shut for good."""
    if not instance.is_active and not raw:
        withdraw_access(instance)
