from allauth.account.decorators import secure_admin_login
from django.contrib import admin


class ShortlistAdminSite(admin.AdminSite):
    site_header = "Shortlist"
    site_title = "Shortlist"
    index_title = "Curation"

    login = secure_admin_login(admin.AdminSite.login)
