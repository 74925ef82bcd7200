"""Works as reference files know them: `Reference`, the one shape on the way in and out."""

from papers.references.reference import Reference

__all__ = ["Reference"]
