"""Mail of a site on one's own machine: kept in files, for people to read."""

from email import policy
from typing import Any

from django.core.mail.backends import filebased

# No line is folded in two, nor any letter encoded: links are copied from these files.
AS_TYPED = policy.default.clone(max_line_length=998, cte_type="8bit")


class EmailBackend(filebased.EmailBackend):
    def write_message(self, message) -> None:
        stream: Any = self.stream  # of bytes, whatever is said of its base
        stream.write(message.message(policy=AS_TYPED).as_bytes() + b"\n" + b"-" * 79 + b"\n")
