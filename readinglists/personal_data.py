"""What reading lists hold on a person, and what of it goes with their account."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from accounts.personal_data import Rows, personal_data
from accounts.signals import account_deleted
from imports.models import ImportRun
from readinglists.editing import following
from readinglists.editing.lists import trash_list
from readinglists.editing.writing import locked, tell
from readinglists.models import (
    Audience,
    Following,
    Invitation,
    Item,
    ListEvent,
    ListSection,
    Membership,
    Note,
    OwnershipOffer,
    ReadingList,
    ReadingPace,
    ReadingState,
    Revision,
    ShareLink,
)
from readinglists.sharing.members import leave


@personal_data("reading_lists")
def reading_lists(user: User) -> Rows:
    own = ReadingList.objects.filter(owner=user).order_by("created_at", "pk")
    return list(own.values("id", "title", "description", "visibility", "created_at"))


@personal_data("list_memberships")
def list_memberships(user: User) -> Rows:
    """A list that is its owner's alone at the moment does not tell its name here either."""
    parts = Membership.objects.filter(user=user).order_by("joined_at", "pk")
    visible = ReadingList.objects.visible_to(user).filter(pk=OuterRef("reading_list"))
    title = Subquery(visible.values("title"))
    return list(parts.values("reading_list", "role", "joined_at", title=title))


@personal_data("list_invitations")
def list_invitations(user: User) -> Rows:
    made = Invitation.objects.filter(invited_by=user).order_by("created_at", "pk")
    dates = ["created_at", "expires_at", "accepted_at", "revoked_at"]
    return list(made.values("reading_list", "addressee", "role", *dates))


@personal_data("share_links")
def share_links(user: User) -> Rows:
    made = ShareLink.objects.filter(created_by=user).order_by("created_at", "pk")
    dates = ["created_at", "rotated_at", "expires_at", "last_used_at", "revoked_at"]
    return list(made.values("reading_list", "name", "allows", *dates))


@personal_data("notes")
def notes(user: User) -> Rows:
    written = Note.objects.filter(author=user, deleted_at=None).order_by("created_at", "pk")
    # On a list that they may no longer see they keep their words, and not the owner's.
    visible = Item.objects.filter(
        pk=OuterRef("item"), reading_list__in=ReadingList.objects.visible_to(user)
    )
    title = Subquery(visible.values("title"))
    told = ("audience", "markdown", "created_at", "updated_at")
    return list(written.values("item", *told, title=title))


@personal_data("list_sections")
def list_sections(user: User) -> Rows:
    own = ListSection.objects.filter(reading_list__owner=user, deleted_at=None)
    own = own.order_by("reading_list", "position")
    return list(own.values("reading_list", "title", "prose"))


@personal_data("list_items")
def list_items(user: User) -> Rows:
    """Of one's own lists, and what one added to others."""
    mine = Q(reading_list__owner=user) | Q(added_by=user)
    items = Item.objects.filter(mine, deleted_at=None).order_by("reading_list", "position")
    what = ["paper__citation_key", "entry__headline", "prize__name", "url", "title", "added_at"]
    return list(items.values("reading_list", *what))


@personal_data("list_changes")
def list_changes(user: User) -> Rows:
    """What one did, list by list; what became of texts stands with the texts."""
    events = ListEvent.objects.filter(actor=user).order_by("at", "pk")
    return list(events.values("reading_list", "version", "verb", "subject_kind", "at"))


@personal_data("list_revisions")
def list_revisions(user: User) -> Rows:
    frozen = Revision.objects.filter(created_by=user).order_by("created_at", "pk")
    return list(frozen.values("reading_list", "number", "version", "sha256", "created_at"))


@personal_data("followed_lists")
def followed_lists(user: User) -> Rows:
    rows = Following.objects.filter(user=user).order_by("since", "pk")
    return list(rows.values("reading_list", "looked_at_version", "since", "feed_made_at"))


@personal_data("reading_pace")
def reading_pace(user: User) -> Rows:
    return list(ReadingPace.objects.filter(user=user).values("paper", "report", "shorter"))


@personal_data("list_imports")
def list_imports(user: User) -> Rows:
    runs = ImportRun.objects.filter(started_by=user, kind=ImportRun.Kind.LIST)
    told = runs.order_by("started_at", "pk").values("source", "state", "counts", "started_at")
    return list(told)


@personal_data("reading_states")
def reading_states(user: User) -> Rows:
    states = ReadingState.objects.filter(user=user).order_by("updated_at", "pk")
    return list(states.values("paper__title", "state", "on", "updated_at"))


@receiver(pre_save, sender=User)
def tell_of_another_name(
    sender, instance: User, raw: bool = False, update_fields=None, **kwargs
) -> None:
    """Also of an account that is deleted: kept pages would go on naming it."""
    if raw or instance.pk is None or "username" not in (update_fields or ["username"]):
        return
    if User.objects.filter(pk=instance.pk).exclude(username=instance.username).exists():
        with transaction.atomic():
            following.tell_of_name(instance)


@receiver(account_deleted)
def remove_what_was_theirs_alone(sender, user: User, with_texts: bool = False, **kwargs) -> None:
    ReadingState.objects.filter(user=user).delete()
    ReadingPace.objects.filter(user=user).delete()
    Following.objects.filter(user=user).delete()
    for reading_list in Membership.objects.filter(user=user).values_list("reading_list", flat=True):
        leave(reading_list, user)
    Note.objects.filter(author=user, audience=Audience.PRIVATE).delete()
    # Their rows hold what the files said, private notes among it.
    ImportRun.objects.filter(started_by=user, kind=ImportRun.Kind.LIST).delete()
    Invitation.objects.filter(Q(user=user) | Q(invited_by=user)).delete()
    OwnershipOffer.objects.filter(Q(to=user) | Q(offered_by=user)).delete()
    ShareLink.objects.filter(created_by=user, revoked_at=None).update(revoked_at=timezone.now())
    _remove_lists(user, with_texts)
    if with_texts:
        _remove_notes(user)


def _remove_lists(user: User, with_texts: bool) -> None:
    """Lists that are nobody else's: of those for others, only if they are to go as well."""
    own = ReadingList.objects.filter(owner=user)
    others = Exists(Membership.objects.filter(reading_list=OuterRef("pk"))) | Exists(
        Note.objects.filter(item__reading_list=OuterRef("pk")).exclude(author=user)
    )
    if not with_texts:
        own = own.filter(Q(visibility=ReadingList.Visibility.PRIVATE) | ~Q(deleted_at=None))
    for pk in own.filter(~others).values_list("pk", flat=True):
        # Into the trash first: who followed the log of changes reads that it is gone.
        trash_list(pk, user)
        ReadingList.objects.filter(pk=pk).delete()


def _remove_notes(user: User) -> None:
    """Also from the histories of the lists; each says once that something went."""
    notes = Note.objects.filter(author=user)
    lists = set(notes.values_list("item__reading_list", flat=True))
    by_list = {pk: notes.filter(item__reading_list=pk).order_by("pk") for pk in lists}
    for pk, there in by_list.items():
        with locked(pk) as held:
            words = ListEvent.objects.filter(reading_list=held, subject_kind="note")
            ids = list(there.values_list("pk", flat=True))
            words.filter(Q(subject_id__in=ids) | Q(actor=user)).update(before=None, after=None)
            there.delete()
            tell(held, user, "removed", ("note", ids[0]))
