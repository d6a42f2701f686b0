"""Differential evolution."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.random_search import RandomSearch

# A child combines its parent and two other members.
MIN_POPULATION = 3


class DE(RandomSearch):
    """child = best + scale_factor · (p₁ − p₂), per coordinate with probability crossover_rate, else the parent's.

    Gradient-free. Each call is a complete search over [min_region, max_region] in every parameter, independent of w,
    and leaves w at the best point found; only the random stream of ``seed`` continues from call to call. A child
    replaces its parent if its loss is not higher; one random coordinate per child never comes from the parent. The
    search ends after max_fes evaluations; popsize: default 10 N for N parameters. The losses are those of all
    evaluations. No learning rate.
    Source: torch/optim, de.lua; Storn and Price, "Differential evolution", 1997, strategy best/1/bin.
    """

    def __init__(
        self,
        scale_factor: float,
        crossover_rate: float,
        max_fes: int,
        popsize: int | None = None,
        min_region: float = -30.0,
        max_region: float = 30.0,
        seed: int = 0,
    ) -> None:
        super().__init__(seed)
        self.require(scale_factor > 0, f"expected a scale_factor above 0, got {scale_factor}")
        self.require(0 <= crossover_rate <= 1, f"expected a crossover_rate in [0, 1], got {crossover_rate}")
        self.require(
            popsize is None or popsize >= MIN_POPULATION,
            f"expected a popsize of at least {MIN_POPULATION}, got {popsize}",
        )
        self.require(min_region < max_region, f"expected min_region < max_region, got {min_region} and {max_region}")
        self.scale_factor = scale_factor
        self.crossover_rate = crossover_rate
        self.max_fes = max_fes
        self.popsize = popsize
        self.min_region = min_region
        self.max_region = max_region

    def advance(self, opfunc: Callable[[Array], Any], w: Array) -> list[float]:
        size = max(10 * w.size, MIN_POPULATION) if self.popsize is None else self.popsize
        self.require(self.max_fes >= size, f"expected a max_fes of at least the popsize, {size}, got {self.max_fes}")
        self.check_memory(size, w.size, "a population")
        # 1. first generation
        population = self.generator.uniform(self.min_region, self.max_region, (size, w.size))
        f = self.compute_losses(opfunc, w, population)
        losses = f.tolist()
        best = int(np.argmin(f))
        # 2. further generations, the last one truncated
        while len(losses) < self.max_fes:
            children = self.create_children(population, population[best])[: self.max_fes - len(losses)]
            child_f = self.compute_losses(opfunc, w, children)
            losses += child_f.tolist()
            better = np.flatnonzero(child_f <= f[: len(child_f)])
            population[better], f[better] = children[better], child_f[better]
            best = int(np.argmin(f))
        np.copyto(w, population[best], casting="same_kind")
        return losses

    def create_children(self, population: Array, best: Array) -> Array:
        """Return one child per member."""
        size, n = population.shape
        draw = self.generator.integers
        parents = np.arange(size)
        # Drawn from the number of allowed members; then shifted past the excluded ones.
        first = draw(size - 1, size=size)
        first += first >= parents
        second = draw(size - 2, size=size)
        for excluded in np.sort([parents, first], axis=0):
            second += second >= excluded
        crossed = self.generator.random((size, n)) < self.crossover_rate
        crossed[parents, draw(n, size=size)] = True
        return np.where(crossed, best + self.scale_factor * (population[first] - population[second]), population)
