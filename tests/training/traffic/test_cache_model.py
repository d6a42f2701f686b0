"""The model of a cache moves only what it does not have."""

from __future__ import annotations

from nntrain.training.traffic.cache_model import LINE_SIZE, CacheModel
from nntrain.training.traffic.memory_span import MemorySpan


def lines(first: int, count: int = 1) -> MemorySpan:
    return MemorySpan(first * LINE_SIZE, (first + count) * LINE_SIZE, count * LINE_SIZE)


def test_memory_is_read_once_while_it_fits() -> None:
    cache = CacheModel(4 * LINE_SIZE)
    assert cache.access(lines(0, 4), is_write=False) == 4 * LINE_SIZE
    assert cache.access(lines(0, 4), is_write=False) == 0


def test_the_line_that_was_not_used_for_the_longest_time_is_replaced() -> None:
    cache = CacheModel(2 * LINE_SIZE)
    for line in (0, 1, 0, 2):
        cache.access(lines(line), is_write=False)
    assert cache.access(lines(0), is_write=False) == 0
    assert cache.access(lines(1), is_write=False) == LINE_SIZE


def test_an_array_larger_than_the_cache_is_read_again() -> None:
    cache = CacheModel(2 * LINE_SIZE)
    assert [cache.access(lines(0, 3), is_write=False) for _ in range(2)] == [3 * LINE_SIZE] * 2


def test_a_modified_line_returns_to_memory_once() -> None:
    cache = CacheModel(2 * LINE_SIZE)
    assert cache.access(lines(0), is_write=False) == LINE_SIZE
    assert [cache.access(lines(0), is_write=True) for _ in range(2)] == [LINE_SIZE, 0]
    # What was written is read from the cache.
    assert cache.access(lines(1), is_write=True) == LINE_SIZE
    assert cache.access(lines(1), is_write=False) == 0


def test_parts_of_lines_count_as_they_are() -> None:
    cache = CacheModel(4 * LINE_SIZE)
    assert cache.access(MemorySpan(100, LINE_SIZE + 50, LINE_SIZE - 50), is_write=False) == LINE_SIZE - 50


def test_scattered_elements_are_not_kept() -> None:
    cache = CacheModel(4 * LINE_SIZE)
    rows = MemorySpan(0, 100 * LINE_SIZE, 80)
    assert [cache.access(rows, is_write=False) for _ in range(2)] == [80, 80]
    assert not cache.lines
