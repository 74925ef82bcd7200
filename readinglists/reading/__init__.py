"""Where a reader is with papers: to read, reading, read. It is nobody else's business: nothing of
it touches a list, its version, its history, or what anybody else is told."""
