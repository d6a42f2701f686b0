"""Every error that a user can meet, in one tree. The exit code of a command is its error's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

__all__ = [
    "ArgumentError",
    "CheckpointError",
    "ConfigError",
    "DataError",
    "DivergenceError",
    "InterruptedRunError",
    "MemoryLimitError",
    "ModuleError",
    "NntrainError",
    "PluginError",
    "RunError",
    "ShapeError",
    "SpecError",
    "UncheckedError",
    "UnknownNameError",
    "format_path",
    "suggest_name",
]


# Longer words are not compared: it takes time that grows with the product of their lengths.
MAX_NAME_LENGTH = 200


class NntrainError(Exception):
    """The root. Its text is one line: where, what, got and wanted, what to do."""

    exit_code = 1


class ConfigError(NntrainError):
    """A config or a command line that cannot be used; one line for each problem."""

    exit_code = 2

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class RunError(NntrainError):
    """A run folder that is not what the command needs."""

    exit_code = 2


class DataError(NntrainError):
    """A file of rows that cannot be read, or rows that cannot be used."""

    exit_code = 3


class PluginError(NntrainError):
    """A plugin that cannot be loaded, or two that claim one name."""

    exit_code = 4


class CheckpointError(NntrainError):
    """A checkpoint that is damaged, foreign, or does not fit."""

    exit_code = 5


class UncheckedError(NntrainError):
    """Classes of plugins for which no input is known on which they could be checked."""

    exit_code = 6


class DivergenceError(NntrainError):
    """A loss that is no longer a number."""


class InterruptedRunError(NntrainError):
    """A run that was asked to stop, and was saved."""

    exit_code = 130


class ModuleError(NntrainError):
    """An error inside a network. ``place`` is the way to the module, outermost first."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.place: list[str] = []

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}\n  in {' > '.join(self.place)}" if self.place else message


class ShapeError(ModuleError, ValueError):
    """An input whose shape or kind a module cannot take."""


class ArgumentError(ModuleError, ValueError):
    """A constructor argument out of its range."""


class MemoryLimitError(ModuleError):
    """A network that would take more memory than there is, or than its file may call for."""

    exit_code = 1

    def __str__(self) -> str:
        return f"{' > '.join(self.place)}: {self.args[0]}" if self.place else str(self.args[0])


class UnknownNameError(ModuleError, AttributeError):
    """A module, criterion or optimizer that nobody has registered."""


# Problems of a spec that its message lists.
MAX_PROBLEMS = 20


class SpecError(ModuleError):
    """A spec that does not say a network: every problem with its place in the spec."""

    def __init__(self, problems: Sequence[tuple[tuple[str | int, ...], str]]) -> None:
        told = [f"{format_path(path)}: {what}" if path else what for path, what in problems[:MAX_PROBLEMS]]
        more = len(problems) - MAX_PROBLEMS
        super().__init__("; ".join([*told, *([f"and {more:,} more problems"] if more > 0 else [])]))
        self.problems = tuple(problems)


def format_path(path: Sequence[str | int]) -> str:
    """The place ``("modules", 2, "type")`` as people write it: ``modules[2].type``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def suggest_name(word: str, words: Iterable[str]) -> str:
    """The end of a sentence about an unknown ``word``: ``; did you mean 'Linear'?``, or nothing when none is near.

    Near is what is spelled alike; else the shortest that begins so, as MSECriterion does with MSE; else what the word
    is the initials of, as lr is of learning_rate.
    """
    by_lower = {known.lower(): known for known in words if len(known) <= MAX_NAME_LENGTH}
    asked = word[: MAX_NAME_LENGTH + 1].lower()
    found = get_close_matches(asked, by_lower, n=1) or sorted(filter(build_abbreviation_test(asked), by_lower), key=len)
    return f"; did you mean {by_lower[found[0]]!r}?" if found else ""


def build_abbreviation_test(word: str) -> Callable[[str], bool]:
    """Whether ``word``, of two letters or more, is the beginning or the initials of a name."""
    return lambda name: len(word) > 1 and (name.startswith(word) or word == "".join(re.findall("(?:^|_)(.)", name)))
