"""The base of weighted sums of losses."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, Self

import numpy as np

from nntrain.compute.array import Value, is_table
from nntrain.errors import ModuleError
from nntrain.nn.building.component_spec import iterate_components
from nntrain.nn.criterion import Criterion
from nntrain.nn.output_form import OutputForm


class WeightedSumCriterion(Criterion):
    """L = Σ weights[i] · criterions[i](...). A subclass selects the input of each criterion."""

    mutable_arguments: ClassVar[tuple[str, ...]] = ("criterions", "weights")

    criterions: list[Criterion]
    weights: list[float]

    def set_criterions(self, criterions: Sequence[Criterion] | None, weights: Sequence[float] | None) -> None:
        """Set the criterions and their weights (default: 1). ArgumentError if the numbers differ."""
        self.criterions, self.weights = [], []
        criterions = criterions or ()
        weights = [1] * len(criterions) if weights is None else weights
        if len(weights) != len(criterions):
            raise self.argument_error(f"expected {len(criterions)} weights, one for each criterion, got {len(weights)}")
        for criterion, weight in zip(criterions, weights, strict=True):
            self.add(criterion, weight)

    def add(self, criterion: Criterion, weight: float = 1) -> Self:
        """Append a criterion; a clone if it is already inside, because a criterion stores the state of one pass."""
        if not isinstance(criterion, Criterion):
            raise self.argument_error(f"expected a criterion, got {criterion!r}")
        known = {id(inner) for kept in self.criterions for inner in iterate_components(kept)}
        repeated = any(id(inner) in known for inner in iterate_components(criterion))
        self.criterions.append(criterion.clone() if repeated else criterion)
        self.weights.append(weight)
        return self

    @property
    def output_form(self) -> OutputForm:  # type: ignore[override]
        """The common form of the criterions, ignoring "values"; "values" if the others differ."""
        forms = {criterion.output_form for criterion in self.criterions} - {"values"}
        return forms.pop() if len(forms) == 1 else "values"

    @property
    def is_pointwise(self) -> bool:  # type: ignore[override]
        """Whether all criterions are pointwise."""
        return all(criterion.is_pointwise for criterion in self.criterions)

    @property
    def keeps_targets(self) -> bool:  # type: ignore[override]
        """Whether all criterions keep targets."""
        return all(criterion.keeps_targets for criterion in self.criterions)

    def iterate_criterions(self) -> Iterator[tuple[int, Criterion, float]]:
        """Iterate over (index, criterion, weight)."""
        for index, (criterion, weight) in enumerate(zip(self.criterions, self.weights, strict=True)):
            yield index, criterion, weight

    def scale(self, name: str, value: Value, weight: float) -> Value:
        """Return weight · value in own buffers, array by array."""
        if is_table(value):
            return [self.scale(f"{name}[{index}]", item, weight) for index, item in enumerate(value)]
        return np.multiply(value, weight, out=self.buffer(name, value.shape, like=value))

    @contextmanager
    def blame(self, index: int) -> Iterator[None]:
        """Prepend the path of a criterion to its errors."""
        try:
            yield
        except ModuleError as error:
            error.path.insert(0, f"{type(self).__name__}[{index}]")
            raise

    def clear_state(self) -> Criterion:
        for criterion in self.criterions:
            criterion.clear_state()
        return super().clear_state()
