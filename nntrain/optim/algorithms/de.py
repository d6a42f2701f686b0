"""Evolution of a population by the differences of its members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.random_search import RandomSearch

__all__ = ["DE"]

# A child has its parent, two others and itself apart.
MIN_POPULATION = 3


class DE(RandomSearch):
    """child = best + scale_factor · (p₁ − p₂) in each coordinate with probability crossover_rate, else its parent.

    Needs no gradient. Each call is a whole search of its own over [min_region, max_region] in every parameter, wherever
    w is, and leaves w at the best point met; only the random stream, which ``seed`` starts, goes on from call to call.
    A child replaces its parent if its loss is not higher; one coordinate, drawn for each child, is never its parent's.
    It ends after max_fes evaluations; popsize is 10 N for N parameters. The losses are those of all evaluations. There
    is no learning rate.
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
        # 1. the first generation
        population = self.generator.uniform(self.min_region, self.max_region, (size, w.size))
        f = self.compute_losses(opfunc, w, population)
        losses = f.tolist()
        best = int(np.argmin(f))
        # 2. generations, the last one cut off
        while len(losses) < self.max_fes:
            children = self.create_children(population, population[best])[: self.max_fes - len(losses)]
            born = self.compute_losses(opfunc, w, children)
            losses += born.tolist()
            better = np.flatnonzero(born <= f[: len(born)])
            population[better], f[better] = children[better], born[better]
            best = int(np.argmin(f))
        np.copyto(w, population[best], casting="same_kind")
        return losses

    def create_children(self, population: Array, best: Array) -> Array:
        """A child of each member."""
        size, n = population.shape
        draw = self.generator.integers
        itself = np.arange(size)
        # others are drawn from as many numbers as there are candidates, which then step over those left out
        first = draw(size - 1, size=size)
        first += first >= itself
        second = draw(size - 2, size=size)
        for left_out in np.sort([itself, first], axis=0):
            second += second >= left_out
        crossed = self.generator.random((size, n)) < self.crossover_rate
        crossed[itself, draw(n, size=size)] = True
        return np.where(crossed, best + self.scale_factor * (population[first] - population[second]), population)
