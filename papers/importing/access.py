"""Who may bring papers in."""


def may_import(user) -> bool:
    """Whoever may add papers, and complete those that are there."""
    return user.is_staff and user.has_perms(["papers.add_paper", "papers.change_paper"])
