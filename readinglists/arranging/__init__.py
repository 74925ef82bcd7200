"""Sections, items and their order as people change them: forms, moves, what the pages show."""
