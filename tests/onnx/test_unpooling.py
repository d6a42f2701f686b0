"""The unpooling of any pooling puts the largest elements back in ONNX as here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain.nn import Module
from tests.onnx.running import compare, made

DRAW = np.random.default_rng(17)

COUNTS = (1, 2, 1025)


def normal(*shape: int) -> Any:
    return DRAW.normal(size=shape).astype(np.float32)


def unpooled(x: Any, kernel: tuple[int, ...], pad: tuple[int, ...], counts: tuple[int, ...]) -> Any:
    """The largest element of each window where it is, 0 elsewhere, window by window."""
    axes = len(kernel)
    flat = x.reshape(-1, *x.shape[-axes:])
    y = np.zeros_like(flat)
    for plane, out in zip(flat, y, strict=True):
        for window in np.ndindex(counts):
            rows = zip(window, kernel, pad, plane.shape, strict=True)
            part = tuple(slice(max(w * k - p, 0), min(w * k - p + k, n)) for w, k, p, n in rows)
            place = np.unravel_index(plane[part].argmax(), plane[part].shape)
            out[part][place] = plane[part][place]
    return y.reshape(x.shape)


def there_and_back(pooling: dict[str, Any]) -> Module:
    """A pooling, and after it its unpooling."""
    unpooling = {"type": pooling["type"].replace("Pool", "Unpool"), "pooling": {"ref": "pool"}}
    return made({"type": "Sequential", "modules": [{**pooling, "id": "pool"}, unpooling]})


POOLINGS = [
    # kernel, padding, ceil_mode, sizes, windows
    ((2, 3), (0, 0), False, (6, 9), (3, 3)),
    ((2, 3), (1, 1), False, (6, 7), (4, 3)),
    ((3, 2), (1, 0), True, (7, 5), (3, 3)),
    ((3, 3), (0, 0), True, (7, 8), (3, 3)),
    ((4, 4), (2, 2), True, (9, 10), (3, 3)),
    ((2, 2, 3), (1, 0, 1), False, (4, 4, 7), (3, 2, 3)),
    ((2, 3, 2), (0, 0, 0), True, (5, 7, 3), (3, 3, 2)),
]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(("kernel", "pad", "ceil", "sizes", "windows"), POOLINGS)
def test_the_unpooling_of_any_pooling(
    kernel: tuple[int, ...],
    pad: tuple[int, ...],
    ceil: bool,
    sizes: tuple[int, ...],
    windows: tuple[int, ...],
    count: int,
) -> None:
    kind = "Spatial" if len(kernel) == 2 else "Volumetric"
    letters = ("h", "w") if len(kernel) == 2 else ("t", "h", "w")
    arguments = {f"k{letter}": k for letter, k in zip(letters, kernel, strict=True)}
    arguments |= {f"pad_{letter}": p for letter, p in zip(letters, pad, strict=True)}
    module = there_and_back({"type": f"{kind}MaxPooling", **arguments, "ceil_mode": ceil})
    x = normal(count, 2, *sizes)
    got = compare(module, normal(2, 2, *sizes), normal(3, 2, *sizes), x)
    np.testing.assert_array_equal(got[0], unpooled(x, kernel, pad, windows))


def test_of_equal_elements_the_first_is_put_back() -> None:
    module = there_and_back({"type": "SpatialMaxPooling", "kw": 2, "kh": 2, "pad_w": 1, "pad_h": 1})
    x = np.ones((2, 1, 4, 4), np.float32)
    got = compare(module, x, np.ones((3, 1, 4, 4), np.float32), x)
    assert got[0][0, 0].tolist() == [[1, 1, 0, 1], [1, 1, 0, 1], [0, 0, 0, 0], [1, 1, 0, 1]]


def test_an_unpooling_of_planes_alone() -> None:
    module = there_and_back({"type": "SpatialMaxPooling", "kw": 2, "kh": 2})
    x = normal(7, 4, 6)
    got = compare(module, normal(2, 4, 6), normal(3, 4, 6), x)
    np.testing.assert_array_equal(got[0], unpooled(x, (2, 2), (0, 0), (2, 3)))
