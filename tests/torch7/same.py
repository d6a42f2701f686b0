"""Whether two values of .t7 files are the same: what they hold, in which order, and what is shared in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain_torch7.format import Function, Storage, TorchObject


def assert_same(one: Any, other: Any, *, bits: bool = True) -> None:
    """``bits``: also of nan, which the ascii form has only one of."""
    partners: dict[int, int] = {}
    pairs = [(one, other)]
    while pairs:
        a, b = pairs.pop()
        assert type(a) is type(b)
        if not isinstance(a, dict | np.ndarray | Storage | TorchObject | Function):
            assert repr(a) == repr(b)
            continue
        met = id(a) in partners
        assert partners.setdefault(id(a), id(b)) == id(b), "shared in one, not in the other"
        if not met:
            pairs += parts(a, b, bits)
    assert len(set(partners.values())) == len(partners), "shared in the other, not in one"


def parts(a: Any, b: Any, bits: bool) -> list[tuple[Any, Any]]:
    """What is in two objects, by pairs, after what they hold themselves is compared."""
    if isinstance(a, dict):
        assert [(type(key), key) for key in a] == [(type(key), key) for key in b]
        return list(zip(a.values(), b.values(), strict=True))
    if isinstance(a, TorchObject):
        assert (a.name, a.version) == (b.name, b.version)
        return [(a.fields, b.fields), (a.head, b.head)]
    if isinstance(a, Function):
        assert (a.code, a.kind) == (b.code, b.kind)
        return [(a.upvalues, b.upvalues)]
    if isinstance(a, Storage):
        return [(a.array, b.array)]
    assert (a.dtype, a.shape, a.strides) == (b.dtype, b.shape, b.strides)
    if bits:
        assert a.tobytes() == b.tobytes()
    else:
        np.testing.assert_array_equal(a, b)
    if a.base is None:
        assert b.base is None
        return []
    assert a.ctypes.data - a.base.ctypes.data == b.ctypes.data - b.base.ctypes.data
    return [(a.base, b.base)]
