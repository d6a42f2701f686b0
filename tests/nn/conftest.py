"""Classes that are registered for one test only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nntrain.hooks.registry import Registered, registry


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[[type], None]:
    """Register a module class until the test ends."""

    def one(cls: type) -> None:
        entry = Registered(cls, "module", "test", "nntrain-test", "1")
        monkeypatch.setitem(registry()._claims, ("module", cls.__name__), [entry])

    return one
