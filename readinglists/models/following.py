"""Who follows which list."""

from typing import Self

from django.conf import settings
from django.db import models

from accounts.models import digest
from accounts.secret_feeds import HasFeed
from readinglists.models.lists import ReadingList

User = settings.AUTH_USER_MODEL


class FollowingQuerySet(models.QuerySet["Following"]):
    def visible_to(self, user) -> Self:
        """A person's own, of lists that they may still open."""
        if not user.is_authenticated:
            return self.none()
        lists = ReadingList.objects.visible_to(user)
        return self.filter(user=user, reading_list__in=lists.values("pk"))

    def behind(self, secret: str) -> Self:
        """The one whose feed has this secret in its address, while its owner's account stands."""
        return self.filter(feed_digest=digest(secret), user__is_active=True)


class Following(HasFeed):
    """Somebody who wants to know what is new on a list, and up to which version they looked.

    A feed of their own shows what they see of a list that is not for everybody; its address is a
    secret of which only the hash is kept.
    """

    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="followings")
    user = models.ForeignKey(User, models.CASCADE, related_name="followed_lists")
    looked_at_version = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(auto_now_add=True)

    objects = FollowingQuerySet.as_manager()

    class Meta(HasFeed.Meta):
        constraints = [
            *HasFeed.Meta.constraints,
            models.UniqueConstraint(
                fields=["reading_list", "user"], name="readinglists_following_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} follows {self.reading_list}"

    def look(self, version: int) -> None:
        """What came up to this version is not new any more; nobody looks backwards."""
        rows = Following.objects.filter(pk=self.pk, looked_at_version__lt=version)
        rows.filter(reading_list__version__gte=version).update(looked_at_version=version)
