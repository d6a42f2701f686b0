"""Where the values of a config were written."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from nntrain.config.override import Override
from nntrain.config.positions import Positions
from nntrain.config.problem import KeyPath, Problem
from nntrain.errors import format_path


@dataclass(frozen=True)
class Origin:
    """A file, or what stands for one, and the overrides after it. ``positions`` is None where there are no lines."""

    name: str
    positions: Positions | None
    overrides: tuple[Override, ...]

    def sentences(self, problems: list[Problem]) -> list[str]:
        """Each problem with its place in front: by line, then by override."""
        return [f"{self._place(path)}: {format_path(path)}: {what}" for path, what in sorted(problems, key=self._order)]

    def _order(self, problem: Problem) -> float:
        path, _ = problem
        return inf if self._override_of(path) or self.positions is None else self.positions.line_of(path)

    def _place(self, path: KeyPath) -> str:
        if override := self._override_of(path):
            return override.text
        return self.name if self.positions is None else f"{self.name}:{self.positions.line_of(path)}"

    def _override_of(self, path: KeyPath) -> Override | None:
        """The override that wrote the value at ``path``, or that made the table there."""
        for override in reversed(self.overrides):
            if override.path == path[: len(override.path)]:
                return override
        if self.positions is not None and path in self.positions:
            return None
        return next((made for made in self.overrides if made.path[: len(path)] == path), None)
