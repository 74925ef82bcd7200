"""Forms that lose nobody's words: each carries what it was based on, and one that came too late is
shown again with what stands now beside what was typed.

    form = SectionForm(request.POST)
    if form.is_valid():
        conflict = save_or_conflict(form, lambda based_on, changes: …)
        return conflict.page(request, back=…) if conflict else redirect(…)

A form carries, hidden, the thing's version and the values it was opened with. So only what was
changed is written; and where the version rose for something that isn't on the form at all, what was
typed is saved as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Self
from uuid import UUID, uuid4

from django import forms
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from readinglists.differences import Piece, difference, shortened
from readinglists.editing.writing import Stale
from readinglists.models import ListEvent, Note, ReadingList

type Changes = dict[str, Any]
type Write = Callable[[int, Changes], Any]

# A list may be written by others, again and again, while one form is saved.
_TRIES = 5


class CreatingForm(forms.Form):
    """Carries the id of what it will make: sent twice, it makes one thing."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    @property
    def pk(self) -> UUID:
        return self.cleaned_data.get("request_id") or uuid4()


class VersionedForm(forms.Form):
    """Carries what it is based on. Opened with `thing=`, whose columns the fields are named after,
    unless `value_on` says otherwise."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )
    opened = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, thing: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if thing is not None:
            values = {name: self.value_on(thing, name) for name in self.own_fields}
            self.initial = {**values, **self.based_upon(thing), **self.initial}

    @property
    def own_fields(self) -> list[str]:
        """The fields that people fill in."""
        hidden = forms.HiddenInput | forms.MultipleHiddenInput
        return [name for name, each in self.fields.items() if not isinstance(each.widget, hidden)]

    def value_on(self, thing: Any, name: str) -> Any:
        return getattr(thing, name)

    def based_upon(self, thing: Any) -> dict[str, Any]:
        """What the hidden fields hold of a thing that the form is about."""
        opened = {name: self.plain(name, self.value_on(thing, name)) for name in self.own_fields}
        return {"version": thing.version, "opened": opened}

    def plain(self, name: str, value: Any) -> str:
        """A value as the form would send it, so that what was sent can be compared."""
        prepared = self.fields[name].prepare_value(value)
        return "" if prepared is None else str(prepared).replace("\r\n", "\n")

    def words(self, name: str, value: Any) -> str:
        """A value as people read it."""
        each = self.fields[name]
        if isinstance(each, forms.BooleanField):
            return "yes" if value else "no"
        if isinstance(each, forms.ChoiceField) and not isinstance(each, forms.ModelChoiceField):
            known: Any = each.choices
            return str(dict(known).get(value, value))
        return "" if value is None else str(value).replace("\r\n", "\n")

    @property
    def based_on(self) -> int:
        """A form that came without its version is based on nothing that stands."""
        return self.cleaned_data.get("version") or 0

    @property
    def opened_with(self) -> dict[str, str]:
        opened = self.cleaned_data.get("opened")
        return opened if isinstance(opened, dict) else {}

    def changes(self) -> Changes:
        """What was typed and is not what the form was opened with, by name."""
        return {
            name: value
            for name in self.own_fields
            if (value := self.cleaned_data.get(name)) is not None or name in self.cleaned_data
            if name not in self.left_to_others
            if self.opened_with.get(name) != self.plain(name, value)
        }

    @property
    def left_to_others(self) -> set[str]:
        """Fields of which somebody chose to keep what others wrote."""
        chosen = self.data.get("keep") == "theirs"
        return set(self.data.getlist("conflicting")) if chosen else set()


@dataclass(frozen=True, slots=True)
class Side:
    """One field of a form that came too late, as it stands and as it was typed."""

    name: str
    label: str
    theirs: str
    mine: str

    @property
    def pieces(self) -> list[Piece]:
        return shortened(difference(self.theirs, self.mine))


@dataclass(slots=True)
class Conflict:
    """What stands now, who wrote it and when, and what somebody typed meanwhile.

    The form it leaves is based on what stands, with what others changed and nobody here touched.
    """

    form: VersionedForm
    thing: Any
    # Changed by others and here, and by others alone.
    sides: list[Side] = field(default_factory=list)
    taken_over: list[Side] = field(default_factory=list)

    @classmethod
    def between(cls, form: VersionedForm, thing: Any) -> Self:
        conflict = cls(form, thing)
        typed, opened = form.changes(), form.opened_with
        for name in form.own_fields:
            standing = form.value_on(thing, name)
            # Unknown what it was opened with: whatever differs from what was typed is in conflict.
            was = opened.get(name, form.plain(name, typed.get(name)))
            if form.plain(name, standing) == was:
                continue
            mine = typed.get(name, standing)
            label = str(form[name].label)
            side = Side(name, label, form.words(name, standing), form.words(name, mine))
            if side.theirs != side.mine:
                conflict.sides.append(side)
            else:
                conflict.taken_over.append(side)
        return conflict

    @property
    def is_elsewhere(self) -> bool:
        """What changed meanwhile is none of what the form is about."""
        return not (self.sides or self.taken_over)

    @property
    def last_change(self) -> tuple[Any, datetime] | None:
        """Who wrote what stands now, if that is known, and when."""
        if isinstance(self.thing, Note):
            return self.thing.author, self.thing.updated_at
        is_list = isinstance(self.thing, ReadingList)
        events = ListEvent.objects.filter(
            reading_list=self.thing.pk if is_list else self.thing.reading_list_id,
            subject_id=self.thing.pk,
            version__isnull=False,
        )
        event = events.select_related("actor").order_by("-version").first()
        return (event.actor, event.at) if event else None

    def rebase(self) -> None:
        """Make the form one that is based on what stands."""
        form = self.form
        data: QueryDict = form.data.copy()
        typed = form.changes()
        for name in form.own_fields:
            if name not in typed:
                data[form.add_prefix(name)] = form.plain(name, form.value_on(self.thing, name))
        for name, value in form.based_upon(self.thing).items():
            data[form.add_prefix(name)] = form[name].field.prepare_value(value)
        form.data = data

    @property
    def contested(self) -> list[tuple[Side, BoundField]]:
        return [(side, self.form[side.name]) for side in self.sides]

    @property
    def rest(self) -> SimpleNamespace:
        """The form without what is contested, as `_fields.html` takes it."""
        shown = [each for each in self.form.visible_fields() if each.name not in self._names]
        hidden = self.form.hidden_fields()
        return SimpleNamespace(visible_fields=shown, hidden_fields=hidden, non_field_errors="")

    @property
    def _names(self) -> set[str]:
        return {side.name for side in self.sides}

    def page(self, request: HttpRequest, back: str, **context: Any) -> HttpResponse:
        """The form again, at its own address; status 409."""
        self.rebase()
        context |= {"conflict": self, "form": self.form, "back": back}
        return render(request, "readinglists/conflict.html", context, status=409)


def save_or_conflict(form: VersionedForm, write: Write) -> Conflict | None:
    """Write what was typed, based on what the form was opened with; or tell what stands now."""
    based_on = form.based_on
    for _ in range(_TRIES):
        try:
            write(based_on, form.changes())
        except Stale as stale:
            conflict = Conflict.between(form, stale.thing)
            based_on = stale.thing.version
            if not conflict.is_elsewhere:
                break
        else:
            return None
    return conflict
