"""Lists on their way out. Every writer takes a document's head and its parts, one after the other,
so that a list of any length is streamed, and a frozen revision is written like a living list."""
