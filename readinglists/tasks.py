"""Background work of reading lists."""

from uuid import UUID

from django.tasks import task


@task(priority=10)
def send_invitation(invitation: str) -> bool:
    """Mail an invitation to whom it names; whether there was anybody to mail to."""
    from readinglists.sharing.mail import send

    return send(UUID(invitation))


@task(priority=-50)
def empty_trash() -> int:
    """Delete for good what has lain in the trash for thirty days; how many things."""
    from readinglists import trash

    return trash.empty_trash()
