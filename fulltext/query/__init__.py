"""The query language: from what somebody types to conditions, and back to words."""
