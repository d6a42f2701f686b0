"""An optimizer, schedule or metric to check."""

from dataclasses import dataclass
from typing import Any

from nntrain.nn.building.factory import RegisteredKind, build_registered


@dataclass(frozen=True)
class TrainingCase:
    """A spec as in a config: a name, or a table of a ``type`` and its options."""

    spec: str | dict[str, Any]
    kind: RegisteredKind = "optimizer"

    def build(self) -> Any:
        """Build a new instance. SpecError if the spec is invalid."""
        return build_registered(self.spec, self.kind)

    def __str__(self) -> str:
        return self.spec if isinstance(self.spec, str) else str(self.spec["type"])
