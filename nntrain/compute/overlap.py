"""Work of one thread while another prepares the next."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from nntrain.compute.threads import get_num_threads

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_ahead(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield ``function(item)`` for each item, computed in another thread while the caller's computes the next item.

    Items and results are in memory two at a time.
    """
    if get_num_threads() == 1:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(1, "nntrain-ahead") as executor:
        pending = None
        for item in items:
            done, pending = pending, executor.submit(function, item)
            if done is not None:
                yield done.result()
        if pending is not None:
            yield pending.result()
