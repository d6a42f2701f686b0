"""Contributions as columns of a file of predictions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.errors import RunError
from nntrain.explanation.explained_run import load_run_rows, require_rows
from nntrain.explanation.integrated_gradients import TOLERANCE, IntegratedGradients
from nntrain.training.trained_network import TrainedNetwork


class ContributionColumns:
    """The columns ``explained``, ``baseline`` and ``contribution(COLUMN)`` for each input column.

    ``explained`` names the probability or number that is the sum of all others.
    """

    def __init__(self, gradients: IntegratedGradients) -> None:
        self.gradients = gradients
        self.rows = self.inexact = 0

    @classmethod
    def for_run(cls, path: Path, network: TrainedNetwork, memory: int | None) -> Self:
        """Compare with the training rows of a run. RunError without them, or for images, which have no columns."""
        require_rows(path)
        gradients = IntegratedGradients(network, load_run_rows(path, network, memory).splits.train)
        if not gradients.spans:
            raise RunError(
                f"{path}: --explain: expected inputs that are columns, got images; remove it, or explain single rows: "
                "nntrain explain RUN DATA --row NUMBER"
            )
        return cls(gradients)

    def build_columns(self, inputs: Value) -> Mapping[str, Array]:
        """Return the columns for encoded rows."""
        found = self.gradients.explain(inputs)
        self.rows += len(found.chosen)
        self.inexact += int((~found.is_exact).sum())
        columns = {f"contribution({name})": found.values[:, k] for k, name in enumerate(found.names)}
        return {"explained": np.array(found.outputs, object)[found.chosen], "baseline": found.baseline, **columns}

    def build_notes(self) -> list[str]:
        """Return a note about contributions that are inexact."""
        if not self.inexact:
            return []
        return [
            f"in {self.inexact:,} of {self.rows:,} rows the contributions and the baseline sum up to the prediction "
            f"with an error of more than {TOLERANCE:g}: the integral did not converge"
        ]
