"""Following lists: what is new to somebody since they last looked, and feeds of a list."""
