"""The step in scikit-learn: ``partial_fit`` of MLPClassifier on one batch of ``batch_size``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.mlp.mlp import CLASSES, MLP, Array

__all__ = ["predictor", "step"]


def network(mlp: MLP) -> MLPClassifier:
    """Build the network with the given parameters, after a first ``partial_fit``."""
    x, t = mlp.rows()
    plain = {"momentum": 0.0, "nesterovs_momentum": False} if mlp.optimizer == "SGD" else {}
    model = MLPClassifier(
        [mlp.hidden] * mlp.depth,
        solver=mlp.optimizer.lower(),
        alpha=0,
        batch_size=len(x),
        learning_rate_init=mlp.rate,
        random_state=0,
        **plain,
    )
    # The first call creates parameters and optimizer, which keeps references to these arrays.
    model.partial_fit(x, t, classes=np.arange(CLASSES))
    return model


def step(mlp: MLP) -> Callable[[], float]:
    """Run forward, loss, backward and update; return the loss."""
    x, t = mlp.rows()
    model = network(mlp)
    for (weight, bias), coefficients, intercepts in zip(mlp.parameters(), model.coefs_, model.intercepts_, strict=True):
        coefficients[...], intercepts[...] = weight.T, bias
    # Reset Adam, so that losses can be compared.
    if mlp.optimizer == "Adam":
        adam = model._optimizer
        adam.t = 0
        for moment in (*adam.ms, *adam.vs):
            moment.fill(0)

    def made() -> float:
        model.partial_fit(x, t)
        return float(model.loss_)

    return made


def predictor(mlp: MLP) -> Callable[[], Array]:
    """Return the probabilities of the rows."""
    x, _ = mlp.rows()
    model = network(mlp)
    return lambda: model.predict_proba(x)
