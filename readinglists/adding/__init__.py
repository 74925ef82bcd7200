"""Putting things on lists: what was pasted or named, what it is here, what stands there already."""
