"""Lists that a token of the API can be limited to: one's own and those one is a member of."""

from uuid import UUID

from accounts.models import User
from accounts.token_limits import lists_by
from readinglists.models import ReadingList

MOST = 500


@lists_by
def lists_of(user: User) -> dict[UUID, str]:
    lists = ReadingList.objects.of_members(user).order_by("-updated_at", "pk")
    return dict(lists.values_list("pk", "title")[:MOST])
