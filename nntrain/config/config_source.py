"""The source of the values of a config: a file and overrides."""

from dataclasses import dataclass
from math import inf

from nntrain.config.override import Override
from nntrain.config.positions import ConfigProblem, KeyPath, Positions
from nntrain.errors import format_path


@dataclass(frozen=True)
class ConfigSource:
    """A file, or a name in place of one, and the overrides. ``positions`` is None if there are no lines."""

    name: str
    positions: Positions | None
    overrides: tuple[Override, ...]

    def format_problems(self, problems: list[ConfigProblem]) -> list[str]:
        """Each problem after its location, ordered by line, then by override."""
        return [
            f"{self._get_location(path)}: {format_path(path)}: {problem}"
            for path, problem in sorted(problems, key=self._get_order)
        ]

    def _get_order(self, problem: ConfigProblem) -> float:
        path, _ = problem
        return inf if self._find_override(path) or self.positions is None else self.positions.get_line(path)

    def _get_location(self, path: KeyPath) -> str:
        if override := self._find_override(path):
            return override.text
        return self.name if self.positions is None else f"{self.name}:{self.positions.get_line(path)}"

    def _find_override(self, path: KeyPath) -> Override | None:
        """The override that set the value at ``path``, or that created the table there."""
        for override in reversed(self.overrides):
            if override.path == path[: len(override.path)]:
                return override
        if self.positions is not None and path in self.positions:
            return None
        return next((override for override in self.overrides if override.path[: len(path)] == path), None)
