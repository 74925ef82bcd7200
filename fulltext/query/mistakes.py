"""What is wrong with a query: where, and what to do about it."""


class QueryMistake(ValueError):
    """Points at the characters from `start` to `end` of the query as it was written."""

    def __init__(self, code: str, message: str, start: int, end: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.end = start + 1 if end is None else end

    def __str__(self) -> str:
        """With the place in people's counting, for those who see no mark."""
        return f"Character {self.start + 1}: {self.message}"
