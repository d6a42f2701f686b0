"""The base of losses that add up other losses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, Self

import numpy as np

from nntrain.compute.array import Value
from nntrain.errors import ModuleError
from nntrain.nn.building.component_spec import iterate_components
from nntrain.nn.criterion import Criterion
from nntrain.nn.output_form import OutputForm, find_common_form
from nntrain.nn.table import is_table

__all__ = ["WeightedSumCriterion"]


class WeightedSumCriterion(Criterion):
    """L = Σ weights[i] · criterions[i](...). A loss says what each criterion is given."""

    mutable_arguments: ClassVar[tuple[str, ...]] = ("criterions", "weights")

    criterions: list[Criterion]
    weights: list[float]

    def set_criterions(self, criterions: Sequence[Criterion] | None, weights: Sequence[float] | None) -> None:
        """Keep the criterions, each with its weight, 1 unless given. ArgumentError if these are not as many."""
        self.criterions, self.weights = [], []
        criterions = criterions or ()
        weights = [1] * len(criterions) if weights is None else weights
        if len(weights) != len(criterions):
            raise self.argument_error(f"expected {len(criterions)} weights, one for each criterion, got {len(weights)}")
        for criterion, weight in zip(criterions, weights, strict=True):
            self.add(criterion, weight)

    def add(self, criterion: Criterion, weight: float = 1) -> Self:
        """Append a criterion, or a clone of one that is inside already: a criterion keeps what its last pass needs."""
        if not isinstance(criterion, Criterion):
            raise self.argument_error(f"expected a criterion, got {criterion!r}")
        met = {id(inner) for kept in self.criterions for inner in iterate_components(kept)}
        again = any(id(inner) in met for inner in iterate_components(criterion))
        self.criterions.append(criterion.clone() if again else criterion)
        self.weights.append(weight)
        return self

    @property
    def output_form(self) -> OutputForm:  # type: ignore[override]
        """The form that the criterions have in common; "values" where they contradict each other."""
        return find_common_form(criterion.output_form for criterion in self.criterions)

    @property
    def is_pointwise(self) -> bool:  # type: ignore[override]
        """Whether all criterions are."""
        return all(criterion.is_pointwise for criterion in self.criterions)

    @property
    def keeps_targets(self) -> bool:  # type: ignore[override]
        """Whether all criterions do."""
        return all(criterion.keeps_targets for criterion in self.criterions)

    def iterate_criterions(self) -> Iterator[tuple[int, Criterion, float]]:
        """The place, the criterion and its weight."""
        for index, (criterion, weight) in enumerate(zip(self.criterions, self.weights, strict=True)):
            yield index, criterion, weight

    def scale(self, name: str, value: Value, weight: float) -> Value:
        """weight · value in memory of its own, slot by slot."""
        if is_table(value):
            return [self.scale(f"{name}[{index}]", slot, weight) for index, slot in enumerate(value)]
        return np.multiply(value, weight, out=self.buffer(name, value.shape, like=value))

    @contextmanager
    def blame(self, index: int) -> Iterator[None]:
        """An error of a criterion takes the way to its place along."""
        try:
            yield
        except ModuleError as error:
            error.place.insert(0, f"{type(self).__name__}[{index}]")
            raise

    def clear_state(self) -> Criterion:
        for criterion in self.criterions:
            criterion.clear_state()
        return super().clear_state()
