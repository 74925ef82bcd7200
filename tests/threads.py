"""Threads of tests: what one of them raises reaches the test."""

import threading
from collections.abc import Callable

from django.db import connections


def beside(*works: Callable[[], None]) -> None:
    """All at once, each in a thread of its own."""
    raised: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
