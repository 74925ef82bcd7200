"""A file or a text as a draft, whatever its format."""

from papers.importing import Source, from_text
from papers.references import Format, decode
from readinglists.importing.drafts import Draft
from readinglists.importing.foreign import read_foreign
from readinglists.importing.own import own_form, read_own

FORMS = {
    "json": "JSON of Shortlist",
    "jsonl": "JSON Lines of Shortlist",
    "html": "web page of Shortlist",
    "markdown": "Markdown of Shortlist",
    **{each.value: each.label for each in Format},
}


def read_bytes(name: str, raw: bytes) -> Draft:
    """UnreadableSource, with what to do, for what is no list in any format."""
    decoded = decode(raw, name)
    draft = read_text(name, decoded.text)
    draft.warnings = [*decoded.warnings, *draft.warnings]
    return draft


def read_text(name: str, text: str) -> Draft:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    form = own_form(plain)
    if form is not None:
        return read_own(plain, form)
    source: Source = from_text(name, plain)
    return read_foreign(source)
