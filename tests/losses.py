"""Tables in the documentation that say what a format loses."""

from django.conf import settings


def table_in(name: str) -> dict[str, dict[str, str]]:
    """By the row's first cell, what stands under each heading."""
    text = (settings.BASE_DIR / "docs" / name).read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    names, _, *lines = rows
    return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in lines}
