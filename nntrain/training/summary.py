"""What a checkpoint holds, in words and figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nntrain.checkpoint.read import read
from nntrain.data.class_target import ClassTarget
from nntrain.data.label_target import LabelTarget
from nntrain.training.trained_network import TrainedNetwork

__all__ = ["Summary", "summary"]


@dataclass(frozen=True)
class Summary:
    """The network of a checkpoint."""

    path: str
    version: str
    spec: dict[str, Any]
    network: str
    parameters: list[list[str]]
    count: int
    criterion: str
    predicts: str
    scores: dict[str, dict[str, float]]

    def tree(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "path": self.path,
            "nntrain": self.version,
            "network": self.spec,
            "parameters": self.count,
            "criterion": self.criterion,
            "predicts": self.predicts,
            "scores": self.scores,
        }


def summary(path: Path) -> Summary:
    """Read a checkpoint and tell what it holds."""
    tree = read(path)
    network = TrainedNetwork.from_tree(tree, str(path))
    views = tree["network"]["state"]["views"]
    values = {name: view for name, view in views.items() if not name.rpartition(".")[2].startswith("grad_")}
    gradients = {name.replace("grad_", "") for name in views if name.rpartition(".")[2].startswith("grad_")}
    own = {name: view for name, view in values.items() if view[0] == name}
    return Summary(
        path=str(path),
        version=tree["nntrain"],
        spec=tree["network"]["spec"],
        network=str(network.model),
        parameters=[[name, "×".join(map(str, view[2])), f"{math.prod(view[2]):,}"] for name, view in own.items()],
        count=sum(math.prod(view[2]) for name, view in own.items() if name in gradients),
        criterion=type(network.criterion).__name__,
        predicts=predicts(network),
        scores=network.scores,
    )


def predicts(network: TrainedNetwork) -> str:
    """What the network predicts, in words."""
    target = network.schema.target
    if isinstance(target, ClassTarget):
        return f"the class {target.name!r}: {', '.join(target.labels)}"
    if isinstance(target, LabelTarget):
        return f"labels ({', '.join(map(repr, target.names))}): {', '.join(target.labels)}"
    if len(target.labels) > 1:
        return f"{len(target.labels)} numbers: {', '.join(target.labels)}"
    return f"the number {target.name!r}"
