"""Newsletters in JSON Lines -> issues, and everything that is read from them.

`run` takes a file line by line and writes in batches; `lines` decides what each line is, outside
any transaction; `issues` finds and saves the issue, `parts` what its text holds.
"""

from newsletter.importer.run import ImportFailed, Result, Watch, import_files

__all__ = ["ImportFailed", "Result", "Watch", "import_files"]
