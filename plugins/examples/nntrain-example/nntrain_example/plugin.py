"""The hooks of the plugin."""

import numpy as np

from nntrain.hooks import hookimpl
from nntrain.nn import Criterion, Module
from nntrain.nn.testing import Case
from nntrain.training import Callback, Metric
from nntrain_example.csv_logger import CsvLogger
from nntrain_example.focal_criterion import FocalCriterion
from nntrain_example.gated_residual import GatedResidual
from nntrain_example.matthews import Matthews
from nntrain_example.tanh_gelu import TanhGELU


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return (TanhGELU, GatedResidual)


@hookimpl
def nntrain_criterions() -> tuple[type[Criterion], ...]:
    return (FocalCriterion,)


@hookimpl
def nntrain_metrics() -> tuple[type[Metric], ...]:
    return (Matthews,)


@hookimpl
def nntrain_loggers() -> tuple[type[Callback], ...]:
    return (CsvLogger,)


@hookimpl
def nntrain_cases() -> tuple[Case, ...]:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(5, 4))
    inner = [{"type": "Linear", "input_size": 4, "output_size": 4}, {"type": "Tanh"}]
    labels = np.array([0, 3, 1, 1, 2])
    return (
        Case("batch", {"type": "TanhGELU"}, 3 * x, batch_axis=0),
        Case("far", {"type": "TanhGELU"}, np.array([-1000.0, -8.0, 0.0, 8.0, 1000.0])),
        Case("batch", {"type": "GatedResidual", "modules": inner, "gate": 0.5}, x, batch_axis=0),
        Case("labels", {"type": "FocalCriterion"}, x, labels, kind="criterion"),
        Case("cross entropy", {"type": "FocalCriterion", "gamma": 0.0}, x, labels, kind="criterion"),
    )
