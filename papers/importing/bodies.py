"""What can be sent to the API to file one paper, or to import many."""

import re
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.bodies import AddressField, Body, OneOfField, TextField, YesNoField
from imports.bodies import ImportBody, RawTextField
from papers.identifiers import Identifier, identify
from papers.importing.planning import Choice
from papers.models import Identifier as StoredIdentifier
from papers.models import Paper, Topic
from papers.references import Format, Name, Problem, Reference
from papers.references.dates import partial_date
from papers.references.identifying import ORCID, read_orcid
from papers.references.reference import (
    LONGEST_ABSTRACT,
    LONGEST_IDENTIFIER,
    LONGEST_NAME,
    LONGEST_TITLE,
    LONGEST_VENUE,
    checked,
)

MOST_AUTHORS = 5_000
MOST_IDENTIFIERS = 50
MOST_TOPICS = 50
MOST_CHOICES = 10_000
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class AuthorBody(Body):
    name = TextField(max_length=LONGEST_NAME, help_text="as printed")
    orcid = TextField(max_length=40, required=False, allow_null=True)

    def validate_orcid(self, orcid: str | None) -> str | None:
        if orcid is not None and not ORCID.search(orcid):
            raise ValidationError("An ORCID: 0000-0002-1825-0097.", code="invalid")
        return read_orcid(orcid or "")


class IdentifierBody(Body):
    scheme = OneOfField(StoredIdentifier.Scheme.choices)
    value = TextField(max_length=LONGEST_IDENTIFIER, help_text="in any spelling")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        scheme, value = values["scheme"], values["value"]
        found = identify(value if scheme == "url" else f"{scheme}:{value}") or identify(value)
        if found is None or scheme not in (found.scheme, "url"):
            detail = ErrorDetail(f"This is no {scheme} identifier.", code="invalid")
            raise ValidationError({"value": [detail]})
        return values | {"identifier": found}


class PaperBody(Body):
    """A title, or an identifier or address by which the work can be looked up."""

    title = TextField(max_length=LONGEST_TITLE, required=False)
    kind = OneOfField(Paper.Kind.choices, required=False)
    # With `many` DRF makes a list of them, which is what has a length.
    authors = AuthorBody(many=True, required=False, max_length=MOST_AUTHORS)  # type: ignore[call-arg]
    published = TextField(max_length=10, required=False, help_text="2022, 2022-03 or 2022-03-07")
    venue = TextField(max_length=LONGEST_VENUE, required=False)
    abstract = TextField(max_length=LONGEST_ABSTRACT, required=False, lines=True)
    identifiers = IdentifierBody(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_IDENTIFIERS
    )
    url = AddressField(required=False)
    pdf_url = AddressField(required=False)
    code_url = AddressField(required=False)
    topics = serializers.ListField(
        child=TextField(max_length=60), required=False, max_length=MOST_TOPICS, help_text="slugs"
    )

    def validate_published(self, text: str) -> Any:
        match = _DATE.fullmatch(text)
        found = (
            partial_date(*(int(part) if part else None for part in match.groups()))
            if match
            else None
        )
        if found is None:
            raise ValidationError("A date there is: 2022, 2022-03 or 2022-03-07.", code="invalid")
        return found

    def validate_topics(self, slugs: list[str]) -> list[str]:
        known = set(Topic.objects.values_list("slug", flat=True))
        if unknown := [slug for slug in slugs if slug not in known]:
            raise ValidationError(f"No such topic: {', '.join(unknown)[:200]}.", code="unknown")
        return slugs

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if not any(values.get(name) for name in ("title", "identifiers", "url")):
            detail = ErrorDetail("Give a title, or an identifier or address.", code="required")
            raise ValidationError({"title": [detail], "identifiers": [detail]})
        return values

    def reference(self) -> Reference:
        """What it says, in the shape in which files are read."""
        values = self.validated_data
        identifiers: list[Identifier] = [
            each["identifier"] for each in values.get("identifiers", ())
        ]
        if (url := values.get("url")) and (own := identify(url)):
            identifiers.append(own)
        reference = checked(
            Reference(
                kind=values.get("kind", Paper.Kind.PAPER),
                title=values.get("title", ""),
                authors=tuple(
                    Name(literal=each["name"], orcid=each.get("orcid"))
                    for each in values.get("authors", ())
                ),
                published=values.get("published"),
                identifiers=tuple(identifiers),
                keywords=tuple(values.get("topics", ())),
                **{
                    name: values[name]
                    for name in ("venue", "abstract", "url", "pdf_url", "code_url")
                    if name in values
                },
            )
        )
        if isinstance(reference, Problem):
            raise ValidationError({"non_field_errors": [ErrorDetail(reference.reason, "invalid")]})
        assert isinstance(reference, Reference)  # noqa: S101
        return reference


class PaperImportBody(ImportBody):
    text = RawTextField(help_text="BibTeX, RIS, CSL-JSON, bookmarks, CSV, or identifiers")
    format = OneOfField(
        [(each.value, each.label) for each in Format],
        required=False,
        help_text="where what the text says does not tell",
    )
    all_addresses = YesNoField(
        required=False, help_text="of bookmarks: those of no known place of research, too"
    )
    choices = serializers.DictField(
        child=OneOfField([(each.value, each.name) for each in Choice]),
        required=False,
        help_text="by a record's number in the preview: what to do with it instead",
    )

    def validate_choices(self, choices: dict[str, str]) -> dict[int, Choice]:
        if len(choices) > MOST_CHOICES:
            raise ValidationError(f"At most {MOST_CHOICES:,}.", code="max_length")
        if not all(key.isascii() and key.isdecimal() and len(key) < 9 for key in choices):
            raise ValidationError("Keys are numbers of records.", code="invalid")
        return {int(key): Choice(value) for key, value in choices.items()}
