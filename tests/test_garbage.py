"""A running bot is looked through for garbage less often, but it is."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.garbage import YOUNG, collect_rarely


class Ring:
    """Refers to itself, so that only the collector can let go of it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)


def test_what_only_refers_to_itself_is_let_go_of_after_so_many_others() -> None:
    gc.collect()
    collect_rarely()
    assert gc.isenabled()
    ring = weakref.ref(Ring())
    some: list[list[int]] = [[] for _ in range(YOUNG // 2)]
    assert ring() is not None
    some += [[] for _ in range(YOUNG)]
    assert ring() is None
