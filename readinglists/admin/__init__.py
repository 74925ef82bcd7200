"""Lists in the admin: what is open to others can be read and moderated here. What is its owner's
alone stands nowhere in it, nor do notes that are not for everybody."""

from readinglists.admin import links, lists  # noqa: F401  they register themselves
