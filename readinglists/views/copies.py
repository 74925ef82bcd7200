"""A copy of a list for oneself."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from markup.text import clean_line, has_visible_text
from readinglists.access import Access, by_list
from readinglists.conflicts import CreatingForm
from readinglists.copying import copy_list
from readinglists.editing.writing import Refused


class CopyForm(CreatingForm):
    title = forms.CharField(max_length=300, widget=forms.TextInput({"size": 60}))

    def clean_title(self) -> str:
        title = clean_line(self.cleaned_data["title"])
        if not has_visible_text(title):
            raise forms.ValidationError("A title needs letters or digits.")
        return title


@require_http_methods(["GET", "HEAD", "POST"])
@by_list
def list_copy(request: HttpRequest, access: Access) -> HttpResponse:
    is_sent = request.method == "POST"
    if is_sent and not request.user.is_authenticated:
        raise PermissionDenied
    form = CopyForm(request.POST if is_sent else None, initial={"title": access.reading_list.title})
    if is_sent and form.is_valid():
        try:
            made = copy_list(
                access.reading_list, access.standing, form.cleaned_data["title"], form.pk
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "This copy is yours, and private until you share it.")
            return redirect(made)
    context = {
        "reading_list": access.reading_list,
        "standing": access.standing,
        "back": access.url("detail"),
        "form": form,
        # The address of a share link is named nowhere else.
        "next": "" if access.secret else access.url("copy"),
    }
    return render(request, "readinglists/copy.html", context, status=400 if form.errors else 200)
