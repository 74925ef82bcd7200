"""Writing over the API: things that carry a version are made, changed and deleted.

Nobody writes over what they have not seen: a change says in `If-Match` which version it is based
on, the row is held while that is compared, and a stale one is refused with the current state.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError as ModelError
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.bodies import Body
from api.conditional import require_match, required_version, version_etag
from api.idempotency import idempotent
from api.parameters import refuse_mistakes
from api.renderers import dump
from api.resources import Collection, absolute

METHODS = ["get", "head", "options", "post", "patch", "delete"]


class WritableCollection(Collection):
    """A collection whose things have a `version`.

    What is under `make`, `change` and `remove` runs in a transaction that holds the thing, and has
    to count its version up. Who may see a thing and not change it is told so by `check_right`.
    """

    http_method_names = METHODS
    body_class: type[Body]

    # --- What each collection says -----------------------------------------------------------
    def make(self, values: dict[str, Any]) -> Model:
        raise NotImplementedError

    def change(self, thing: Any, values: dict[str, Any]) -> None:
        raise NotImplementedError

    def remove(self, thing: Any) -> None:
        thing.delete()

    def check_right(self, thing: Any) -> None:
        """Raise PermissionDenied where the caller may see the thing and not change it."""

    def prepare(self, values: dict[str, Any]) -> None:
        """What takes long and needs no lock, before `make`."""

    def hold_whole(self) -> None:
        """Lock what the thing is part of, before the thing itself."""

    # --- What all of them do -----------------------------------------------------------------
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        refuse_mistakes(request.query_params, self.detail_parameters)
        values = self.read_body(request)
        self.prepare(values)
        with transaction.atomic():
            self.hold_whole()
            thing = self.make(values)
            response = self.answer(thing.pk, status=HTTPStatus.CREATED)
        response.headers["Location"] = absolute(self.place_of(thing.pk))
        if request.accepted_renderer.format == "json":
            # Now, so that it is kept beside an Idempotency-Key.
            response.headers["ETag"] = tag_of(response.data)
        return response

    def retrieve(self, request: Request, pk: str) -> Response:
        response = super().retrieve(request, pk)
        if response.status_code == HTTPStatus.OK:
            self.shown_version = response.data["version"]
        return response

    def partial_update(self, request: Request, pk: str) -> HttpResponse:
        self.check_request(request)
        with transaction.atomic():
            thing = self.held(request, pk)
            self.change(thing, self.read_body(request, thing))
            return self.answer(thing.pk)

    def destroy(self, request: Request, pk: str) -> HttpResponse:
        self.check_request(request)
        with transaction.atomic():
            self.remove(self.held(request, pk))
        return Response(status=HTTPStatus.NO_CONTENT)

    def check_request(self, request: Request) -> None:
        """What can be refused before the thing is held: nothing slow is done while it is."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        required_version(request)
        request.data  # noqa: B018  read, and refused if it cannot be

    def read_body(self, request: Request, thing: Any = None) -> dict[str, Any]:
        """What the body says; of a `thing` that is there it need not say everything."""
        context = {
            **self.get_serializer_context(),
            "read_only": self.shown_fields(),
            "thing": thing,
        }
        body = self.body_class(data=request.data, partial=thing is not None, context=context)
        body.is_valid(raise_exception=True)
        return body.validated_data

    def place_of(self, pk: object) -> str:
        return reverse(f"api:{self.basename}-detail", args=[pk])

    def shown_fields(self) -> frozenset[str]:
        return frozenset(self.get_serializer_class()().fields)

    def held(self, request: Request, pk: str) -> Any:
        """The thing, held until the transaction ends, in the version the caller knows."""
        self.hold_whole()
        rows = self.get_queryset().filter(self.lookup(pk)).select_for_update(of=("self",))
        thing = self.get_one(rows)
        self.check_right(thing)
        require_match(request, thing.version, lambda: self.represent(thing.pk))
        return thing

    def represent(self, pk: object) -> tuple[str, dict[str, Any]]:
        """The tag and the state of a thing, as reading it as JSON would give them."""
        row = self.row(pk)
        return tag_of(row), row

    def row(self, pk: object) -> dict[str, Any]:
        rows = list(self.select(self.get_queryset().filter(pk=pk)))
        return self.shape(rows, detail=True)[0]

    def answer(self, pk: object, status: int = HTTPStatus.OK) -> Response:
        row = self.row(pk)
        self.shown_version = row["version"]
        return Response(row, status=status)


def tag_of(row: dict[str, Any]) -> str:
    return version_etag(row["version"], dump(row).decode())


def check_constraints(thing: Model) -> None:
    """DRF checks unique fields and no other constraint: what is left would be a 500."""
    try:
        thing.validate_constraints()
    except ModelError as error:
        raise ValidationError(
            {
                name: [ErrorDetail(text, code="invalid") for text in texts]
                for name, texts in error.message_dict.items()
            }
        ) from None
