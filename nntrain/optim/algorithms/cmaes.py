"""CMA-ES: covariance matrix adaptation evolution strategy."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.random_search import RandomSearch

# Limits of the ratio of axes, the spread of losses and the step size, at which the search ends.
MAX_CONDITION = 1e7
MIN_SPREAD = 1e-12
MIN_STEP = 1e-11


class CMAES(RandomSearch):
    """x ~ N(m, σ² C);  m, σ and C ← those that make the best half of the x more likely.

    Gradient-free. Each call is a complete search that starts at w with C = 1 and ``sigma`` (about a third of the
    distance to the optimum) and leaves w at the best point found; only the random stream of ``seed`` continues from
    call to call. The search ends after max_eval evaluations (default: 1000 N² for N parameters), at a loss of ftarget,
    or when the distribution degenerates, but not before min_iterations generations. Memory is N × N numbers, for up to
    a few hundred parameters. ``verb_disp``: number of generations between printed lines. ``popsize``: default
    4 + ⌊3 ln N⌋.
    The losses are that of w, the best of each generation, and the best of all. No learning rate.
    Source: torch/optim, cmaes.lua; Hansen, "The CMA evolution strategy: a tutorial", 2016.
    """

    result_names = ("evaluations",)

    def __init__(
        self,
        sigma: float,
        max_eval: float | None = None,
        ftarget: float | None = None,
        popsize: int | None = None,
        min_iterations: int = 1,
        verb_disp: int = 0,
        seed: int = 0,
    ) -> None:
        super().__init__(seed)
        self.require(sigma > 0, f"expected a sigma above 0, got {sigma}")
        self.require(popsize is None or popsize >= 2, f"expected a popsize of at least 2, got {popsize}")
        self.sigma = sigma
        self.max_eval = max_eval
        self.ftarget = ftarget
        self.popsize = popsize
        self.min_iterations = min_iterations
        self.verb_disp = verb_disp
        self.evaluations = 0

    def advance(self, opfunc: Callable[[Array], Any], w: Array) -> list[float]:
        self.check_memory(w.size, w.size, "a covariance")
        search = Distribution(w, self.sigma, self.popsize)
        max_eval = 1000 * w.size**2 if self.max_eval is None else self.max_eval
        best = w.astype(float)
        losses = [self.compute_loss(opfunc, w, best)]
        lowest = losses[0]
        generation = 0
        while True:
            candidates = search.sample(self.generator)
            f = self.compute_losses(opfunc, w, candidates)
            order = np.argsort(f, kind="stable")
            search.update(candidates[order])
            losses.append(float(f[order[0]]))
            if losses[-1] < lowest:
                lowest, best = losses[-1], candidates[order[0]]
            generation += 1
            if self.verb_disp and generation % self.verb_disp == 0:
                print(f"{search.evaluations} evaluations: best {lowest:g}, sigma {search.sigma:g}")  # noqa: T201
            done = (
                search.evaluations >= max_eval
                or (self.ftarget is not None and losses[-1] <= self.ftarget)
                or search.is_degenerate
                or f[order[-1]] - f[order[0]] < MIN_SPREAD
            )
            if done and generation >= self.min_iterations:
                break
        self.evaluations = search.evaluations
        np.copyto(w, best, casting="same_kind")
        return [*losses, lowest]


class Distribution:
    """The normal distribution N(m, σ² C) of N parameters, C = B D² Bᵀ, with Hansen's notation."""

    def __init__(self, w: Array, sigma: float, popsize: int | None) -> None:
        N = w.size
        self.m = w.astype(float)
        self.sigma = sigma
        self.lam = int(4 + np.floor(3 * np.log(N))) if popsize is None else popsize
        # 1. weights of the better half
        weights = np.log(self.lam / 2 + 0.5) - np.log(np.arange(1, self.lam // 2 + 1))
        self.weights = weights / weights.sum()
        M = self.M = 1 / float(np.square(self.weights).sum())
        # 2. learning rates of paths and matrices
        self.cc = (4 + M / N) / (N + 4 + 2 * M / N)
        self.cs = (M + 2) / (N + M + 5)
        self.c1 = 2 / ((N + 1.3) ** 2 + M)
        self.cmu = min(1 - self.c1, 2 * (M - 2 + 1 / M) / ((N + 2) ** 2 + M))
        self.damps = 2 * M / self.lam + 0.3 + self.cs
        # 3. initial state
        self.pc, self.ps = np.zeros(N), np.zeros(N)
        self.C, self.B, self.D = np.eye(N), np.eye(N), np.ones(N)
        self.evaluations = 0
        self.decomposed = 0

    def sample(self, generator: np.random.Generator) -> Array:
        """Return a generation, one candidate per row."""
        N = len(self.m)
        if self.evaluations - self.decomposed > self.lam / (self.c1 + self.cmu) / N / 10:
            self.decompose()
        z = generator.standard_normal((self.lam, N))
        return self.m + self.sigma * (z * self.D) @ self.B.T

    def decompose(self) -> None:
        """Compute B and D from the upper triangle of C."""
        self.decomposed = self.evaluations
        upper = np.triu(self.C)
        self.C = upper + np.triu(self.C, 1).T
        squares, self.B = np.linalg.eigh(self.C)
        self.D = np.sqrt(np.maximum(squares, np.finfo(float).tiny))

    def update(self, candidates: Array) -> None:
        """Update the distribution from candidates sorted by loss."""
        N, M, sigma = len(self.m), self.M, self.sigma
        cc, cs, c1, cmu = self.cc, self.cs, self.c1, self.cmu
        self.evaluations += len(candidates)
        # 1. mean
        e = candidates[: len(self.weights)] - self.m
        y = self.weights @ e
        self.m = self.m + y
        # 2. evolution paths
        whitened = self.B @ (self.B.T @ y / self.D)
        self.ps = (1 - cs) * self.ps + np.sqrt(cs * (2 - cs) * M) / sigma * whitened
        length = float(np.square(self.ps).sum())
        hsig = length / (1 - (1 - cs) ** (2 * self.evaluations / self.lam)) / N < 2 + 4 / (N + 1)
        self.pc = (1 - cc) * self.pc + hsig * np.sqrt(cc * (2 - cc) * M) / sigma * y
        # 3. covariance
        c1a = c1 * (1 - (1 - hsig) * cc * (2 - cc))
        self.C = (1 - c1a - cmu) * self.C + c1 * np.outer(self.pc, self.pc)
        self.C += cmu / sigma**2 * (e.T * self.weights) @ e
        # 4. step size
        self.sigma *= float(np.exp(min(0.6, cs / self.damps * (length / N - 1) / 2)))

    @property
    def is_degenerate(self) -> bool:
        """Whether the axes differ too much, or all steps are too small."""
        longest = self.D.max()
        return bool(longest > MAX_CONDITION * self.D.min() or self.sigma * longest < MIN_STEP)
