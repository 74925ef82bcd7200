"""Share links: that they are there, what they allow, whether they are used; never their address."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from readinglists.admin.lists import MOST_AT_ONCE, ReadHere, moderated
from readinglists.models import ReadingList, ShareLink
from readinglists.moderating import end_link

COLUMNS = ["name", "reading_list", "allows", "created_by", "created_at", "rotated_at"]
COLUMNS += ["expires_at", "last_used_at", "revoked_at"]


@admin.register(ShareLink)
class ShareLinkAdmin(ReadHere):
    list_display = COLUMNS
    list_filter = ["allows", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["reading_list", "created_by"]
    search_fields = ["name", "reading_list__title", "created_by__username"]
    fields = COLUMNS
    actions = ["revoke_links"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        lists = moderated(ReadingList.objects.all()).values("pk")
        return super().get_queryset(request).filter(reading_list__in=lists)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("readinglists.change_sharelink")

    @admin.action(description="Revoke", permissions=["moderate"])
    def revoke_links(self, request: HttpRequest, queryset: QuerySet) -> None:
        links = queryset.filter(revoked_at=None)[:MOST_AT_ONCE]
        revoked = [link for link in links if end_link(link, request.user)]
        for link in revoked:
            self.log_change(request, link, "Revoked")
        self.message_user(request, f"{len(revoked)} revoked.")
