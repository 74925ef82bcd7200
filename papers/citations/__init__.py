"""Papers on their way out: BibTeX, RIS, CSL-JSON, CSV, Markdown and formatted citations."""
