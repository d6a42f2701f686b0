"""The step in nntrain, as in a training run of the default network for tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.ensemble.ensemble import Array, Ensemble
from benchmarks.mlp.training_step import TrainingStep
from nntrain import nn
from nntrain.nn.building.builder import build
from nntrain.nn.parameter_factors import FACTOR_KEYS, build_factor_vector
from nntrain.optim.algorithms.adamw import AdamW
from nntrain.training.building.tabular_design import FAST, SLOW, scale_by_fan_in

__all__ = ["network", "step", "training_step"]


def network(ensemble: Ensemble) -> nn.Sequential:
    """Build the network with the given parameters."""
    n, members = ensemble.numbers, ensemble.members
    waves = {"type": "PeriodicEmbedding", "input_size": n, "embedding_size": 3, **SLOW}
    bins = {"type": "PiecewiseLinearEncoding", "edges": ensemble.edges}
    specs: list[dict[str, Any]] = [
        {"type": "ConcatTable", "modules": [waves, bins]},
        {"type": "JoinTable", "dim": 1},
        {"type": "FeatureScale", "input_size": ensemble.width, **FAST},
        {"type": "RepeatMembers", "members": members},
    ]
    slow = {"input_scale": 0.5, "output_scale": 0.5, "bias": 0.1}
    kept = {"input_scale": 0.0, "output_scale": 0.0, "bias": 0.0}
    for i, o in ensemble.sizes:
        rates = {"weight": scale_by_fan_in(i), **slow}
        factors = {"learning_rate_factor": rates, "weight_decay_factor": kept}
        specs += [
            {"type": "LinearBatchEnsemble", "input_size": i, "output_size": o, "members": members, **factors},
            {"type": "Blend", "activation": {"type": "SiLU"}, "size": o, **SLOW},
            {"type": "Dropout", "p": ensemble.dropped, "inplace": True},
        ]
    specs += [
        {
            "type": "LinearEnsemble",
            "input_size": ensemble.hidden,
            "output_size": ensemble.outputs,
            "members": members,
            "learning_rate_factor": {"weight": scale_by_fan_in(ensemble.hidden), "bias": 0.1},
            "weight_decay_factor": {"bias": 0.0},
        },
        {"type": "AverageMembers", "average": "probabilities" if ensemble.classes else "values"},
    ]
    model: nn.Sequential = build({"type": "Sequential", "modules": specs}, "module")
    fill(model.modules[0].children()[0], ensemble.embedding())
    for number, layer in enumerate(model.find_modules("LinearBatchEnsemble")[0]):
        fill(layer, ensemble.layer(number))
    fill(model.find_modules("LinearEnsemble")[0][0], ensemble.head())
    return model.float()


def fill(module: nn.Module, arrays: Mapping[str, Array]) -> None:
    """Set the parameters of a module."""
    for name, array in arrays.items():
        getattr(module, name)[...] = array


def step(ensemble: Ensemble) -> Callable[[], float]:
    """Run forward, loss, backward and update; return the loss."""
    x, t = ensemble.rows()
    made = training_step(ensemble)
    return lambda: made(x, t)


def training_step(ensemble: Ensemble) -> TrainingStep:
    """Return the step of the network with the given parameters."""
    model = network(ensemble)
    inner = nn.CrossEntropyCriterion(label_smoothing=ensemble.smoothing) if ensemble.classes else nn.MSECriterion()
    criterion = build({"type": "MemberCriterion", "criterion": inner.spec()}, "criterion").float()
    w, dw = model.get_parameters()
    model.skip_grad_input()
    optimizer = AdamW(learning_rate=ensemble.rate, beta2=ensemble.beta2, weight_decay=ensemble.decay)
    optimizer.set_factors(*(build_factor_vector(model, w, key) for key in FACTOR_KEYS))
    return TrainingStep(optimizer, model, criterion, w, dw)
