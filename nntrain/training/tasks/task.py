"""The base of tasks."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from nntrain.compute.array import Array
from nntrain.data.targets.target import Target
from nntrain.errors import ConfigError
from nntrain.nn.criterion import Criterion
from nntrain.nn.output_form import OutputForm
from nntrain.training.metrics.metric import PredictionForm
from nntrain.training.tasks.threshold import Threshold


class Task(ABC):
    """Turns outputs y of the network (N, outputs) into scores and predictions.

    ``output_forms``: the forms of outputs that fit the task; the criterion's ``output_form`` must be one of them.
    """

    target: Any
    output_forms: ClassVar[Sequence[OutputForm]]

    # The threshold of probabilities; None: one half.
    threshold: Threshold | None = None

    def __init__(self, target: Target, criterion: Criterion) -> None:
        """ConfigError unless the criterion fits the target."""
        check_criterion(criterion, target, self.output_forms)
        self.target = target
        self.criterion = criterion
        self.output_form = criterion.output_form

    @property
    def positive(self) -> str | None:
        """The positive of two classes, if ``data.positive`` names it."""
        return None

    @property
    def threshold_count(self) -> int:
        """The number of probabilities with a threshold: 1 for two classes, or one per label."""
        return 0

    def get_decision_rule(self) -> dict[str, Any]:
        """Return the positive class and its threshold, or the threshold of each label; empty without a threshold."""
        return {}

    @property
    @abstractmethod
    def output_count(self) -> int:
        """The number of outputs per row."""

    @abstractmethod
    def get_default_metrics(self) -> list[str]:
        """Return the default metrics in addition to the loss."""

    def to_criterion_targets(self, t: Array) -> Array:
        """Return the encoded targets in the form that the criterion takes."""
        return t

    @abstractmethod
    def to_metric_predictions(self, y: Array, form: PredictionForm) -> Array:
        """Return predictions in the form that a metric takes, from outputs. ``Metric`` describes the forms."""

    @abstractmethod
    def to_metric_targets(self, t: Array) -> Array:
        """Return the encoded targets in the form that metrics take."""

    @abstractmethod
    def build_prediction_columns(self, y: Array) -> dict[str, Array]:
        """Return the columns of the predictions file: float64, or objects that are strings."""


def check_criterion(criterion: Criterion, target: Target, forms: Sequence[OutputForm]) -> None:
    """ConfigError unless its outputs have one of ``forms``, and it compares them with unchanged targets."""
    if not criterion.keeps_targets:
        raise ConfigError(
            f"criterion.type: expected a criterion that compares outputs with {target.name!r} itself, got "
            f"{criterion.label()} with a target_module; remove target_module"
        )
    if criterion.output_form not in forms:
        raise ConfigError(
            f"criterion.type: expected a criterion whose output_form is {' or '.join(forms)} for the {target.task} of "
            f"{target.name!r}, got {criterion.label()} with {criterion.output_form!r}; choose another, or declare "
            "output_form in its class"
        )
