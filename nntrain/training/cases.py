"""Cases for optimizers that cannot be checked with their defaults alone."""

from __future__ import annotations

from nntrain.training.testing import TrainingCase

BOX = {"min_region": -3, "max_region": 3}

CASES = (
    TrainingCase({"type": "cmaes", "sigma": 0.5, "max_eval": 200}),
    TrainingCase({"type": "de", "scale_factor": 0.5, "crossover_rate": 0.9, "max_fes": 200, **BOX}),
)
