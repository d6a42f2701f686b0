"""One optimizer, schedule or metric that is tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nntrain.nn.building.factory import RegisteredKind, build, to_spec
from nntrain.nn.testing.check_failed import CheckFailed

__all__ = ["Trial"]


@dataclass(frozen=True)
class Trial:
    """What a config writes: a name, or a table of a ``type`` and its options."""

    given: str | dict[str, Any]
    kind: RegisteredKind = "optimizer"

    def made(self) -> Any:
        """A new one. SpecError if it cannot be."""
        return build(self.given, self.kind)

    def rebuilds(self) -> None:
        """LawBroken unless its spec, with all defaults in it, makes one of the same spec."""
        told = to_spec(self.made())
        again = to_spec(build(told, self.kind))
        if again != told:
            raise CheckFailed(f"the spec: got {again}, wanted {told}")

    def __str__(self) -> str:
        return self.given if isinstance(self.given, str) else str(self.given["type"])
