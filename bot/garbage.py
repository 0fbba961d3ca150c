"""How often a running bot is looked through for garbage."""

import gc

YOUNG = 20_000
"""So many more objects made than let go of, and Python looks through the new ones. Its own figure, 700, is passed again
and again while many people are answered, and next to nothing is found: a step hardly makes a cycle."""


def collect_rarely() -> None:
    """To be called when all is loaded: what is there now stays to the end and is never looked through again.

    Turns the collector on. Together with ``YOUNG`` this is about a twentieth of the CPU of a step.
    """
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    gc.enable()
