"""What a token may be allowed to do: `<resource>:read` or `<resource>:write`.

An API collection names its resource in `scope_resource`; a new collection adds a line here.
"""

READABLE = {
    "publications": "Publications",
    "issues": "Issues",
    "topics": "Topics",
    "entries": "Entries",
    "papers": "Papers",
    "prizes": "Prizes",
    "deadlines": "Deadlines",
    "trackings": "Tracked prizes",
    "lists": "Reading lists",
    "reading-states": "What you want to read and have read",
    "search": "Search",
    "saved-searches": "Saved searches",
    "changes": "What changed, of what the token may read",
}
# What can be changed or set going over the API; all else is read-only.
WRITABLE: dict[str, str] = {
    "enrich": "Completing papers from public services",
    "papers": "Papers",
    "deadlines": "Deadlines",
    "trackings": "Tracked prizes",
    "lists": "Reading lists",
    "reading-states": "What you want to read and have read",
    "saved-searches": "Saved searches",
}


def scope_choices() -> list[tuple[str, str]]:
    reading = [(f"{name}:read", f"{label}: read") for name, label in READABLE.items()]
    writing = [(f"{name}:write", f"{label}: change") for name, label in WRITABLE.items()]
    return reading + writing
