"""Pages of notes: all that is said of an item, a note's form, its preview."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from api.throttling import count
from markup.urls import clean_url
from readinglists.access import Access, by_list
from readinglists.conflicts import save_or_conflict
from readinglists.editing.writing import Refused, rendered
from readinglists.item_rows import titles_of
from readinglists.models import Item, Note
from readinglists.noting import saving
from readinglists.noting.forms import LONGEST, NewNoteForm, NoteForm, latest_audience
from readinglists.noting.quoting import passages_of, with_quote
from readinglists.typed import signed_in
from readinglists.voices import may_write_any, voices_of

MOST_ON_A_PAGE = 200
PREVIEWS_A_MINUTE = 60
type Form = NewNoteForm | NoteForm


@require_http_methods(["GET", "HEAD", "POST"])
@by_list
def item_notes(request: HttpRequest, access: Access, item: UUID) -> HttpResponse:
    """All that is said of an item, and the form to add to it."""
    if request.method == "POST":
        return add_note(request, access, item)
    thing = saving.item_here(access.reading_list, access.standing, item)
    form = None
    if may_write_any(access.standing):
        initial = {"audience": latest_audience(access.reading_list, access.standing)}
        form = NewNoteForm(**who(access), initial=initial)
    return item_page(request, access, thing, form)


@signed_in
def add_note(request: HttpRequest, access: Access, item: UUID) -> HttpResponse:
    form = NewNoteForm(request.POST, **who(access))
    if (shown := not_yet(request, access, item, form)) is not None:
        return shown
    if form.is_valid():
        said = form.cleaned_data
        try:
            note = saving.add(access, item, said["markdown"], said["audience"], form.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return to_note(access, note, note.item)
    thing = saving.item_here(access.reading_list, access.standing, item)
    return item_page(request, access, thing, form)


@require_http_methods(["GET", "HEAD", "POST"])
@by_list
@signed_in
def note(request: HttpRequest, access: Access, note: UUID) -> HttpResponse:
    """One's own note, to be changed."""
    own = saving.own_note(access.reading_list, access.standing, note)
    if request.method != "POST":
        return note_page(request, access, own, NoteForm(**who(access), thing=own))
    form = NoteForm(request.POST, **who(access))
    if (shown := not_yet(request, access, own.item_id, form, own)) is not None:
        return shown
    if not form.is_valid():
        return note_page(request, access, own, form)
    conflict = save_or_conflict(
        form, lambda based_on, typed: saving.change(access, note, based_on, **typed)
    )
    if conflict is not None:
        return conflict.page(request, back=item_address(access, own.item_id))
    return to_note(access, own, own)


@require_POST
@by_list
@signed_in
def remove_note(request: HttpRequest, access: Access, note: UUID) -> HttpResponse:
    removed = saving.remove(access, note)
    if removed.author_id != request.user.pk:
        messages.success(request, "The note is removed. The history can bring it back.")
        return redirect(item_address(access, removed.item_id))
    return redirect(f"{item_address(access, removed.item_id)}?removed={removed.pk}")


@require_POST
@by_list
@signed_in
def restore_note(request: HttpRequest, access: Access, note: UUID) -> HttpResponse:
    return to_note(access, saving.bring_back(access, note))


@require_POST
@signed_in
def preview(request: HttpRequest) -> HttpResponse:
    """A text as it would be shown; so often a minute, since rendering costs."""
    state = count(f"preview:{request.user.pk}", PREVIEWS_A_MINUTE, 60)
    if state.is_over:
        headers = {"Retry-After": str(state.resets_in)}
        return JsonResponse({"detail": "Too many previews."}, status=429, headers=headers)
    text = request.POST.get("markdown", "")
    if len(text) > LONGEST:
        return JsonResponse({"detail": f"At most {LONGEST:,} characters."}, status=400)
    return JsonResponse({"html": rendered(text)}, headers={"Cache-Control": "no-store"})


# --- What they share ---------------------------------------------------------------------------
def not_yet(
    request: HttpRequest, access: Access, item: UUID, form: Form, own: Note | None = None
) -> HttpResponse | None:
    """The form again, where a passage was to be quoted or the note only looked at."""
    data = request.POST
    if not {"quote", "preview"} & data.keys():
        return None
    thing = saving.item_here(access.reading_list, access.standing, item)
    if "quote" in data:
        passages = passages_of(thing, access)
        form.data = data.copy()
        form.data["markdown"] = with_quote(data.get("markdown", ""), passages, data["quote"])
    extra = {"preview": rendered(form.data.get("markdown", "")[:LONGEST])}
    if own is not None:
        return note_page(request, access, own, form, **extra)
    return item_page(request, access, thing, form, **extra)


def who(access: Access) -> dict[str, Any]:
    return {"reading_list": access.reading_list, "standing": access.standing}


def item_address(access: Access, item: UUID) -> str:
    return access.url("item-notes", item=item)


def draft_name(access: Access, about: Note | Item) -> str:
    """What a browser keeps a draft under: each account's own, where one browser serves several."""
    kind = "note" if isinstance(about, Note) else "item"
    return f"{access.standing.user.pk}-{kind}-{about.pk}"


def to_note(access: Access, note: Note, saved_from: Note | Item | None = None) -> HttpResponse:
    saved = f"?saved={draft_name(access, saved_from)}" if saved_from else ""
    return redirect(f"{item_address(access, note.item_id)}{saved}#note-{note.pk}")


def item_page(
    request: HttpRequest, access: Access, item: Item, form: Form | None, **extra: Any
) -> HttpResponse:
    voices = voices_of([item], access, most=MOST_ON_A_PAGE)[item.pk]
    context = about(access, item) | {
        "voices": voices,
        "form": form,
        "removed": own_removed(request, access, item),
        "passages": passages_of(item, access) if form else [],
        "draft": draft_name(access, item),
        **extra,
    }
    status = 400 if form is not None and form.is_bound and not extra and form.errors else 200
    return render(request, "readinglists/item_notes.html", context, status=status)


def note_page(
    request: HttpRequest, access: Access, note: Note, form: NoteForm, **extra: Any
) -> HttpResponse:
    context = about(access, note.item) | {
        "note": note,
        "form": form,
        "passages": passages_of(note.item, access),
        "draft": draft_name(access, note),
        **extra,
    }
    status = 400 if form.is_bound and not extra and form.errors else 200
    return render(request, "readinglists/note.html", context, status=status)


def about(access: Access, item: Item) -> dict[str, Any]:
    """The list, and what the item is as far as its reader may know."""
    title, path = named(item, access)
    return {
        "access": access,
        "reading_list": access.reading_list,
        "list_url": access.url("detail"),
        "item": item,
        "item_title": title,
        "item_path": path,
        "item_url": item_address(access, item.pk),
    }


def named(item: Item, access: Access) -> tuple[str, str]:
    """Its title and where it is found; nothing of what its reader may not see."""
    if item.url:
        return item.title or item.url, clean_url(item.url) or ""
    row = {"paper": item.paper_id, "entry": item.entry_id, "prize": item.prize_id}
    for title, path in titles_of([row], access.standing.user).values():
        return item.title or title, path
    return "", ""


def own_removed(request: HttpRequest, access: Access, item: Item) -> str | None:
    """The address that brings back the note one has just removed."""
    try:
        pk = UUID(request.GET.get("removed", ""))
    except ValueError:
        return None
    if not may_write_any(access.standing):
        return None
    own = Note.objects.filter(pk=pk, item=item, author=access.standing.user)
    return access.url("note-restore", note=pk) if own.exclude(deleted_at=None).exists() else None
