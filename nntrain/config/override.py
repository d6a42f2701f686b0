"""``--set section.key=value``: a config value from the command line."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from nntrain.config.positions import KeyPath, unquote
from nntrain.errors import ConfigError, format_path
from nntrain.specs.nesting import MAX_NESTING

NAME = r""" "(?:\\.|[^"\\])*" | '[^']*' | [^.="'\[\]\s] (?:[^.="'\[\]]*[^.="'\[\]\s])? """
STEP = re.compile(rf"(?P<name>{NAME}) | \[(?P<index>\d+)\]", re.VERBOSE)
OVERRIDE = re.compile(
    rf"\s* (?P<key> (?:{NAME}) (?: \.(?:{NAME}) | \[\d+\] )* ) \s* = (?P<value>.*)", re.VERBOSE | re.DOTALL
)


@dataclass(frozen=True)
class Override:
    """Sets ``path`` to ``value``; ``text`` is the option as the user typed it."""

    text: str
    path: KeyPath
    value: object

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse ``--set data.columns."a b".type=category``. A value that is not TOML is a string."""
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise ConfigError(f"--set {text!a}: expected UTF-8")  # bytes from the shell that are not UTF-8
        match = OVERRIDE.fullmatch(text)
        if match is None:
            raise ConfigError(f"--set {text}: expected section.key=value, e.g. train.epochs=20")
        try:
            steps = STEP.finditer(match["key"])
            path = tuple(unquote(step["name"]) if step["name"] else int(step["index"]) for step in steps)
        except ValueError:  # from TOML, or for an index with thousands of digits
            raise ConfigError(f"--set {text}: expected a valid TOML key, got {match['key']}") from None
        if len(path) > MAX_NESTING:
            raise ConfigError(f"--set {text[:40]}...: expected a key of at most {MAX_NESTING} parts, got {len(path):,}")
        return cls(f"--set {text}", path, parse_value(match["value"]))

    @classmethod
    def from_option(cls, option: str, value: str | int | Sequence[str], *path: str) -> Self:
        """The override for a separate option, e.g. ``--max-time 1h``; several values are a list, True is a flag."""
        given = [value] if isinstance(value, str | int) else list(value)
        text = option if value is True else " ".join(f"{option} {each}" for each in given)
        return cls(text, path, value if isinstance(value, str | int) else given)

    def apply_to(self, tree: dict[str, Any]) -> None:
        """Set the value in ``tree``. Missing tables are created, lists must exist; a ConfigError changes nothing."""
        tree.update(self._copy_with_value(tree, 0))

    def _copy_with_value(self, node: Any, depth: int) -> Any:
        """A copy of ``node``, the value at the first ``depth`` steps of the path, with the override set."""
        if depth == len(self.path):
            return self.value
        self._check_step(node, depth)
        step = self.path[depth]
        if isinstance(step, int):
            return [*node[:step], self._copy_with_value(node[step], depth + 1), *node[step + 1 :]]
        return {**node, step: self._copy_with_value(node.get(step, {}), depth + 1)}

    def _check_step(self, node: object, depth: int) -> None:
        """ConfigError unless ``node`` is a table for a name, or a list that is long enough for an index."""
        step, here = self.path[depth], format_path(self.path[:depth])
        if isinstance(step, str) and not isinstance(node, dict):
            raise ConfigError(f"{self.text}: {here} is not a table, so it has no key {step!r}")
        if isinstance(step, int) and not isinstance(node, list):
            raise ConfigError(f"{self.text}: {here} is not a list, so it has no element [{step}]")
        if isinstance(step, int) and isinstance(node, list) and step >= len(node):
            raise ConfigError(f"{self.text}: {here} has no element [{step}], only {len(node)} from [0]")


def parse_value(text: str) -> object:
    """The TOML value of a command-line argument; if it is not TOML, the string itself."""
    # Inside braces, no line break, comment or second key can follow the value.
    try:
        table = tomllib.loads(f"table = {{value = {text}}}")["table"]
    except (ValueError, RecursionError):
        return text
    return table["value"] if len(table) == 1 else text
