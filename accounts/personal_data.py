"""Everything we hold on one person, for them to take along.

Each app that keeps something of a person's adds a collector in its `AppConfig.ready`:

    @personal_data("reading_lists")
    def reading_lists(user): ...
"""

from collections.abc import Callable, Mapping, Sequence

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import ApiToken, EntryLink, User
from imports.models import ImportRun

Collector = Callable[[User], object]
Rows = Sequence[Mapping[str, object]]
_collectors: dict[str, Collector] = {}


def personal_data(name: str) -> Callable[[Collector], Collector]:
    def register(collector: Collector) -> Collector:
        if name in _collectors:
            raise ValueError(f"{name} is collected already.")
        _collectors[name] = collector
        return collector

    return register


def collect(user: User) -> dict[str, object]:
    """What the site knows of this person, without any secret."""
    held = {name: collector(user) for name, collector in sorted(_collectors.items())}
    return {"exported_at": timezone.now(), **held}


@personal_data("account")
def account(user: User) -> dict[str, object]:
    names = [
        *["username", "email", "first_name", "last_name", "public_id", "time_zone", "theme"],
        *["is_staff", "is_superuser", "date_joined", "last_login"],
    ]
    return {name: getattr(user, name) for name in names}


@personal_data("email_addresses")
def email_addresses(user: User) -> Rows:
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    return list(addresses.values("email", "primary", "verified"))


@personal_data("sessions")
def sessions(user: User) -> Rows:
    started = UserSession.objects.filter(user=user).order_by("created_at", "pk")
    return list(started.values("created_at", "last_seen_at", "ip", "user_agent"))


@personal_data("second_factors")
def second_factors(user: User) -> Rows:
    return [
        {"name": str(each), "created_at": each.created_at, "last_used_at": each.last_used_at}
        for each in Authenticator.objects.filter(user=user).order_by("pk")
    ]


@personal_data("api_tokens")
def api_tokens(user: User) -> Rows:
    dates = ["created_at", "expires_at", "last_used_at", "revoked_at"]
    return list(ApiToken.objects.visible_to(user).values("name", "hint", "scopes", *dates))


@personal_data("invitations")
def invitations(user: User) -> Rows:
    made = EntryLink.objects.filter(invited_by=user, purpose=EntryLink.Purpose.INVITATION)
    return list(made.values("email", "created_at", "expires_at", "used_at"))


@personal_data("imports")
def imports(user: User) -> Rows:
    runs = ImportRun.objects.filter(started_by=user)
    return list(runs.values("kind", "source", "state", "counts", "started_at", "finished_at"))


@personal_data("admin_actions")
def admin_actions(user: User) -> Rows:
    log = LogEntry.objects.filter(user=user).order_by("action_time", "pk")
    return list(log.values("action_time", "object_repr", "change_message"))
