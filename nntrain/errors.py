"""All errors for users, in one class tree. The exit code of a command is that of its error."""

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


# Longer words are not compared: the time grows with the product of their lengths.
MAX_NAME_LENGTH = 200


class NntrainError(Exception):
    """The root. Its message is one line: where, expected, got, fix."""

    exit_code = 1

    def to_line(self) -> str:
        """Return the message without line breaks."""
        return " ".join(str(self).split())


class ConfigError(NntrainError):
    """An invalid config or command line; one line for each problem."""

    exit_code = 2

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class RunError(NntrainError):
    """A run folder that the command cannot use."""

    exit_code = 2


class DataError(NntrainError):
    """A data file that cannot be read, or rows that cannot be used."""

    exit_code = 3


class PluginError(NntrainError):
    """A plugin that cannot be loaded, or two plugins with the same name."""

    exit_code = 4


class CheckpointError(NntrainError):
    """A checkpoint that is corrupt, from another program, or does not fit."""

    exit_code = 5


class UncheckedError(NntrainError):
    """Plugin classes that cannot be checked because no input for them is known."""

    exit_code = 6


class DivergenceError(NntrainError):
    """A NaN or infinite loss."""


class InterruptedRunError(NntrainError):
    """A run that was stopped and saved."""

    exit_code = 130


class ModuleError(NntrainError):
    """An error inside a network. ``path``: the path of the module, outermost first."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.path: list[str] = []

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}\n  in {' > '.join(self.path)}" if self.path else message


class ShapeError(ModuleError, ValueError):
    """An input whose shape or type a module does not accept."""


class ArgumentError(ModuleError, ValueError):
    """A constructor argument out of its range."""


class MemoryLimitError(ModuleError):
    """A network that needs more memory than is available, or than its file may request."""

    exit_code = 1

    def __str__(self) -> str:
        return f"{' > '.join(self.path)}: {self.args[0]}" if self.path else str(self.args[0])


class UnknownNameError(ModuleError, AttributeError):
    """A module, criterion or optimizer that is not registered."""


# Maximum number of problems in the message of a SpecError.
MAX_PROBLEMS = 20


class SpecError(ModuleError):
    """An invalid spec of a network: every problem with its path in the spec."""

    def __init__(self, problems: Sequence[tuple[tuple[str | int, ...], str]]) -> None:
        lines = [f"{format_path(path)}: {what}" if path else what for path, what in problems[:MAX_PROBLEMS]]
        more = len(problems) - MAX_PROBLEMS
        super().__init__("; ".join([*lines, *([f"and {more:,} more problems"] if more > 0 else [])]))
        self.problems = tuple(problems)

    def to_config_error(self, *key: str | int) -> ConfigError:
        """Return the same problems as those of a config, with their paths below ``key``."""
        return ConfigError(*(f"{format_path((*key, *path))}: {what}" for path, what in self.problems))


def format_path(path: Sequence[str | int]) -> str:
    """Format the path ``("modules", 2, "type")`` as ``modules[2].type``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def suggest_name(word: str, words: Iterable[str]) -> str:
    """Format the end of an error about an unknown ``word``: ``; did you mean 'Linear'?``; empty if no word is similar.

    A similar spelling comes first, then the shortest word with this prefix (MSE: MSECriterion), then one with these
    initials (lr: learning_rate).
    """
    by_lower = {known.lower(): known for known in words if len(known) <= MAX_NAME_LENGTH}
    asked = word[: MAX_NAME_LENGTH + 1].lower()
    found = get_close_matches(asked, by_lower, n=1) or sorted(filter(build_abbreviation_test(asked), by_lower), key=len)
    return f"; did you mean {by_lower[found[0]]!r}?" if found else ""


def build_abbreviation_test(word: str) -> Callable[[str], bool]:
    """Return a test whether ``word``, of at least two characters, is the prefix or the initials of a name."""
    return lambda name: len(word) > 1 and (name.startswith(word) or word == "".join(re.findall("(?:^|_)(.)", name)))
