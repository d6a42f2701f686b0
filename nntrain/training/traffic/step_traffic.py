"""The memory traffic of a training step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.denormals import flush_denormals
from nntrain.compute.memory_limit import set_variable
from nntrain.compute.random import preserve_initial_stream
from nntrain.errors import ModuleError, NntrainError
from nntrain.training.traffic.logged_engine import log_products
from nntrain.training.traffic.traffic import Traffic
from nntrain.training.traffic.traffic_log import CURRENT_LOG, Key, TrafficLog


@dataclass(frozen=True)
class StepTraffic:
    """Bytes of a step by component, or the number of a module in ``iterate_labeled_modules``, and by pass."""

    by_key: dict[Key, Traffic]

    def find(self, name: str) -> dict[str, Traffic]:
        """Return the bytes of a component by pass; empty if it has none."""
        return {kind: traffic for (owner, kind), traffic in self.by_key.items() if owner == name}

    @property
    def total(self) -> Traffic:
        """The bytes of the step."""
        return sum(self.by_key.values(), Traffic())


def count_second_step(log: TrafficLog, step: Callable[[], object], w: Array) -> StepTraffic:
    """Make two steps at the same parameters w, and count the second: the first allocates buffers and states.

    ModuleError if a component of a plugin does not work with subclasses of arrays.
    """
    start = w.copy()
    with (
        np.errstate(all="ignore"),
        flush_denormals(),
        preserve_initial_stream(),
        log_products(),
        set_variable(CURRENT_LOG, log),
    ):
        try:
            step()
            np.copyto(w, start)
            log.traffic.clear()
            step()
        except NntrainError:
            raise
        except Exception as error:
            raise ModuleError(f"{type(error).__name__}: {error}") from error
    return StepTraffic(dict(log.traffic))
