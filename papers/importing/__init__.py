"""References -> papers: matched with what is there, planned, written in batches, taken back.

`look` shows what `import_papers` would do with the same sources; both go through `planning`, which
writes nothing, so that what is shown is what happens.
"""

from papers.importing.planning import Choice, Options, Plan
from papers.importing.run import ImportFailed, Result, Watch, import_papers, look
from papers.importing.sources import Source, from_bytes, from_text, load

__all__ = [
    "Choice",
    "ImportFailed",
    "Options",
    "Plan",
    "Result",
    "Source",
    "Watch",
    "from_bytes",
    "from_text",
    "import_papers",
    "load",
    "look",
]
