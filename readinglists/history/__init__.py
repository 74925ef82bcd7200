"""The history of a list as its members read it: told in words, as it stood, undone, restored."""
