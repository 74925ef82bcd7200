from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class ShortlistAdminSite(admin.AdminSite):
    """The admin behind the site's own sign-in, which limits tries and asks for a second factor.

    With REQUIRE_STAFF_MFA nobody enters without one: sign-in asks for it wherever it is set up, so
    having one is enough. It is on unless SITE_URL is plain http on this very machine.
    """

    site_header = "Shortlist"
    site_title = "Shortlist"
    index_title = "Curation"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not lacks_second_factor(request)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        if super().has_permission(request) and lacks_second_factor(request):
            messages.warning(request, "Maintaining this site needs a second factor. Set one up.")
            return redirect("mfa_index")
        return secure_admin_login(super().login)(request, extra_context)


def lacks_second_factor(request: HttpRequest) -> bool:
    proof = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return settings.REQUIRE_STAFF_MFA and not is_mfa_enabled(request.user, proof)
