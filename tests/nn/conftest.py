"""Registration of classes for a single test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nntrain import nn
from nntrain.hooks.registry import RegisteredClass, get_registry


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[[type], None]:
    """Register a module or criterion until the test ends."""

    def register_class(cls: type) -> None:
        kind = "criterion" if issubclass(cls, nn.Criterion) else "module"
        entry = RegisteredClass(cls, kind, cls.__name__, "test", "nntrain-test", "1")
        monkeypatch.setitem(get_registry()._claims, (kind, cls.__name__), [entry])

    return register_class
