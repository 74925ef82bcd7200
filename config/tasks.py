"""Background tasks that span all features."""

from django.core.management import call_command
from django.tasks import task

from api.idempotency import forget_old
from api.throttling import forget_ended
from papers.enrichment.answers import forget_old as forget_old_answers
from readinglists.sharing.invitations import forget_over

KEPT = "14d"  # finished tasks; failed ones stay until a maintainer has seen them


@task(priority=-50)
def clean_up() -> None:
    """Delete what is over: sessions, counted windows, kept answers, finished tasks."""
    call_command("clearsessions")
    forget_ended()
    forget_old()
    forget_old_answers()
    forget_over()
    call_command("ox_prune", older_than=KEPT, verbosity=0)
