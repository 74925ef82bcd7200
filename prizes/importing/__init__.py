"""Deadlines from files: YAML of the ai-deadlines family, and iCalendar."""
