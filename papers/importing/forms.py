"""What is pasted or uploaded to be imported as papers."""

from django import forms

from imports.forms import PasteOrFileForm
from imports.uploads import MEGABYTES


class ReferencesForm(PasteOrFileForm):
    help_texts = {
        "text": "arXiv ids, DOIs, OpenReview ids or addresses, one or more a line; or BibTeX, "
        "RIS or CSL-JSON",
        "file": "BibTeX, RIS, CSL-JSON (Zotero exports all three), bookmarks, or a CSV from "
        f"here; up to {MEGABYTES} MB",
    }
    too_large = "Import a file of this size with `import_papers`."

    all_addresses = forms.BooleanField(
        label="Of bookmarks, take addresses of no known place of research, too", required=False
    )
