"""Accounts, tokens and entry links for maintainers; no secret and no digest is shown or typed."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import withdraw_access
from accounts.deletion import delete_account
from accounts.models import ApiToken, EntryLink, User
from curation.opened import OpenedFormAdmin

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(OpenedFormAdmin, DjangoUserAdmin):
    list_display = ["username", "email", "is_active", "is_staff", "tokens", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_superuser", "date_joined"]
    search_fields = ["username", "email", "public_id"]
    ordering = ["-date_joined", "pk"]
    readonly_fields = ["public_id", "deleted_at", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password", "public_id"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
        ("Preferences", {"fields": ["time_zone", "theme"]}),
        ("Rights", {"fields": ["is_active", *RIGHTS]}),
        ("Dates", {"fields": ["last_login", "date_joined", "deleted_at"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "usable_password", "password1", "password2"]})
    ]
    actions = ["sign_out_everywhere", "delete_accounts"]

    def get_queryset(self, request):
        usable = Q(api_tokens__revoked_at=None) & ~Q(api_tokens__pk=None)
        return super().get_queryset(request).annotate(token_count=Count("api_tokens", usable))

    @admin.display(description="tokens", ordering="token_count")
    def tokens(self, user: User) -> int:
        return user.token_count

    def get_readonly_fields(self, request, obj=None):
        own = super().get_readonly_fields(request, obj)
        return own if request.user.is_superuser else [*own, *RIGHTS]

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_manage(request, obj))

    def has_delete_permission(self, request, obj=None):
        return False  # what they did keeps its actor: the action leaves a stub instead

    @admin.action(description="Sign out everywhere and revoke tokens", permissions=["change"])
    def sign_out_everywhere(self, request, queryset):
        accounts = [user for user in queryset if may_manage(request, user)]
        for user in accounts:
            withdraw_access(user)
        self.message_user(request, f"{len(accounts)} accounts were signed out.", messages.SUCCESS)

    @admin.action(description="Delete accounts, leaving stubs", permissions=["change"])
    def delete_accounts(self, request, queryset):
        accounts = [user for user in queryset if may_manage(request, user) and user != request.user]
        for user in accounts:
            delete_account(user)
        self.message_user(request, f"{len(accounts)} accounts were deleted.", messages.SUCCESS)


def may_manage(request: HttpRequest, user: User) -> bool:
    """Stubs stay as they are, and only a superuser touches a superuser."""
    return user.deleted_at is None and (request.user.is_superuser or not user.is_superuser)


class SeenOnly(admin.ModelAdmin):
    """Made elsewhere, by whoever it belongs to; here to be looked at and ended."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(SeenOnly):
    list_display = ["name", "hint", "user", "last_used_at", "expires_at", "revoked_at"]
    list_filter = ["revoked_at", "last_used_at", "expires_at"]
    list_select_related = ["user"]
    search_fields = ["name", "hint", "user__username"]
    fields = [
        *["user", "name", "hint", "scopes", "only_list"],
        *["created_at", "expires_at", "last_used_at", "revoked_at"],
    ]
    actions = ["revoke"]

    @admin.action(description="Revoke", permissions=["delete"])
    def revoke(self, request, queryset):
        count = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{count} tokens were revoked.", messages.SUCCESS)


@admin.register(EntryLink)
class EntryLinkAdmin(SeenOnly):
    list_display = ["purpose", "email", "invited_by", "created_at", "expires_at", "used_by"]
    list_filter = ["purpose", "used_at", "expires_at"]
    list_select_related = ["invited_by", "used_by"]
    search_fields = ["email", "invited_by__username", "used_by__username"]
    fields = ["purpose", "email", "invited_by", "created_at", "expires_at", "used_at", "used_by"]


class AuthenticatorAdmin(SeenOnly):
    """Second factors without what they rest on; deleting one helps who lost theirs."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


class UserSessionAdmin(SeenOnly):
    list_display = ["user", "created_at", "ip", "user_agent"]
    list_select_related = ["user"]
    search_fields = ["user__username", "ip"]
    fields = ["user", "created_at", "ip", "user_agent"]

    def delete_model(self, request, obj):
        obj.end()

    def delete_queryset(self, request, queryset):
        for session in queryset:
            session.end()


# allauth's own pages would show keys, seeds and let them be typed in.
for model, page in [(Authenticator, AuthenticatorAdmin), (UserSession, UserSessionAdmin)]:
    if admin.site.is_registered(model):
        admin.site.unregister(model)
    admin.site.register(model, page)
