"""When Python looks for rubbish that refers to itself: seldom, as most of what a build makes stays to its end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_OBJECTS = 50_000  # before it is looked for: a unit makes more, and leaves little


def look_seldom() -> None:
    """From now on, and never among what is here already: to look at it would also copy it, where it is shared with
    another process."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


def look_seldom_again() -> None:
    """The same where this process may have built before: what only that build needed goes."""
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.collect()
    look_seldom()


@contextmanager
def many_objects() -> Iterator[None]:
    """Do not look among what is made now, which is much and stays, nor ever after."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
