"""One optimizer, schedule or metric that is tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nntrain.nn.building.factory import RegisteredKind, build, to_spec
from nntrain.nn.testing.check_failed import CheckFailed

__all__ = ["TrainingCase"]


@dataclass(frozen=True)
class TrainingCase:
    """What a config writes: a name, or a table of a ``type`` and its options."""

    spec: str | dict[str, Any]
    kind: RegisteredKind = "optimizer"

    def build(self) -> Any:
        """A new one. SpecError if it cannot be."""
        return build(self.spec, self.kind)

    def check_rebuilds(self) -> None:
        """CheckFailed unless its spec, with all defaults in it, makes one of the same spec."""
        told = to_spec(self.build())
        again = to_spec(build(told, self.kind))
        if again != told:
            raise CheckFailed(f"the spec: got {again}, wanted {told}")

    def __str__(self) -> str:
        return self.spec if isinstance(self.spec, str) else str(self.spec["type"])
