"""Whether two values of .t7 files are the same: what they hold, in which order, and what is shared in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain_torch7.format import LuaFunction, ObjectKey, Storage, TorchObject


def assert_same(one: Any, other: Any, *, bits: bool = True) -> None:
    """``bits``: also of nan, which the ascii form has only one of."""
    partners: dict[int, int] = {}
    pairs = [(one, other)]
    while pairs:
        a, b = pairs.pop()
        assert type(a) is type(b)
        if not isinstance(a, dict | np.ndarray | Storage | TorchObject | LuaFunction):
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
        keys = list(zip(a, b, strict=True))
        plain = [pair for pair in keys if not isinstance(pair[0], ObjectKey)]
        assert [(type(key), key) for key, _ in plain] == [(type(key), key) for _, key in plain]
        objects = [(key.value, other.value) for key, other in keys if isinstance(key, ObjectKey)]
        return [*objects, *zip(a.values(), b.values(), strict=True)]
    if isinstance(a, TorchObject):
        assert (a.name, a.version) == (b.name, b.version)
        return [(a.fields, b.fields), (a.head, b.head)]
    if isinstance(a, LuaFunction):
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
