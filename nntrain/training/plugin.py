"""The built-in metrics, registered by the same entry point as those of third-party plugins."""

# ruff: noqa: F401 (the hook returns the imported classes)

from __future__ import annotations

from typing import TYPE_CHECKING

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.training.metrics.accuracy import Accuracy
from nntrain.training.metrics.balanced_accuracy import BalancedAccuracy
from nntrain.training.metrics.calibration_error import CalibrationError
from nntrain.training.metrics.confusion_matrix_metric import ConfusionMatrixMetric
from nntrain.training.metrics.exact_match import ExactMatch
from nntrain.training.metrics.explained_variance import ExplainedVariance
from nntrain.training.metrics.f1 import F1
from nntrain.training.metrics.log_loss import LogLoss
from nntrain.training.metrics.mae import MAE
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.mse import MSE
from nntrain.training.metrics.per_class import PerClass
from nntrain.training.metrics.pr_auc import PRAUC
from nntrain.training.metrics.precision import Precision
from nntrain.training.metrics.r2 import R2
from nntrain.training.metrics.recall import Recall
from nntrain.training.metrics.rmse import RMSE
from nntrain.training.metrics.roc_auc import ROCAUC
from nntrain.training.metrics.top_k import TopK

if TYPE_CHECKING:
    from nntrain.training.testing import TrainingCase


@hookimpl
def nntrain_metrics() -> tuple[type[Metric], ...]:
    return find_imported_classes(globals(), Metric)


@hookimpl
def nntrain_cases() -> tuple[TrainingCase, ...]:
    from nntrain.training.testing import TrainingCase

    # Optimizers that cannot be checked with their defaults alone.
    box = {"min_region": -3, "max_region": 3}
    return (
        TrainingCase({"type": "cmaes", "sigma": 0.5, "max_eval": 200}),
        TrainingCase({"type": "de", "scale_factor": 0.5, "crossover_rate": 0.9, "max_fes": 200, **box}),
    )
