"""``--set section.key=value``: one value of a config, said on the command line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nntrain.config.positions import KeyPath
from nntrain.errors import ConfigError, format_path
from nntrain.specs.nesting import MAX_NESTING

_NAME = r""" "(?:\\.|[^"\\])*" | '[^']*' | [^.="'\[\]\s] (?:[^.="'\[\]]*[^.="'\[\]\s])? """
_STEP = re.compile(rf"(?P<name>{_NAME}) | \[(?P<index>\d+)\]", re.VERBOSE)
_OVERRIDE = re.compile(
    rf"\s* (?P<key> (?:{_NAME}) (?: \.(?:{_NAME}) | \[\d+\] )* ) \s* = (?P<value>.*)", re.VERBOSE | re.DOTALL
)


@dataclass(frozen=True)
class Override:
    """``path`` is to hold ``value``; ``text`` is what the user wrote, with the option in front."""

    text: str
    path: KeyPath
    value: object

    @classmethod
    def parse(cls, text: str) -> Override:
        """The override in ``--set data.columns."a b".type=category``. What is no TOML value is a text."""
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise ConfigError(f"--set {text!a}: expected UTF-8")  # the shell gave bytes that are no text
        match = _OVERRIDE.fullmatch(text)
        if match is None:
            raise ConfigError(f"--set {text}: expected section.key=value, such as train.epochs=20")
        try:
            path = tuple(_parse_step(step) for step in _STEP.finditer(match["key"]))
        except ValueError:  # of TOML, or a number of thousands of digits
            raise ConfigError(f"--set {text}: expected a key that TOML can read, got {match['key']}") from None
        if len(path) > MAX_NESTING:
            raise ConfigError(f"--set {text[:40]}...: expected a key of at most {MAX_NESTING} parts, got {len(path):,}")
        return cls(f"--set {text}", path, parse_value(match["value"]))

    @classmethod
    def from_option(cls, option: str, value: str | int | Sequence[str], *path: str) -> Override:
        """The override that an option of its own stands for, such as ``--max-time 1h``; several values are a list."""
        given = [value] if isinstance(value, str | int) else list(value)
        text = " ".join(f"{option} {each}" for each in given)
        return cls(text, path, value if isinstance(value, str | int) else given)

    def apply_to(self, tree: dict[str, Any]) -> None:
        """Set the value in ``tree``. Tables on the way are made, lists must be there; a ConfigError changes nothing."""
        tree.update(self._copy_with_value(tree, 0))

    def _copy_with_value(self, place: Any, depth: int) -> Any:
        """A copy of ``place`` with the value in it, ``place`` being where the first ``depth`` steps lead."""
        if depth == len(self.path):
            return self.value
        self._check_step(place, depth)
        step = self.path[depth]
        if isinstance(step, int):
            return [*place[:step], self._copy_with_value(place[step], depth + 1), *place[step + 1 :]]
        return {**place, step: self._copy_with_value(place.get(step, {}), depth + 1)}

    def _check_step(self, place: object, depth: int) -> None:
        """A name is a step into a table, an index a step into a list that is long enough."""
        step, here = self.path[depth], format_path(self.path[:depth])
        if isinstance(step, str) and not isinstance(place, dict):
            raise ConfigError(f"{self.text}: {here} is no table and has no key {step!r}")
        if isinstance(step, int) and not isinstance(place, list):
            raise ConfigError(f"{self.text}: {here} is no list and has no element [{step}]")
        if isinstance(step, int) and isinstance(place, list) and step >= len(place):
            raise ConfigError(f"{self.text}: {here} has no element [{step}], only {len(place)} from [0]")


def _parse_step(match: re.Match[str]) -> str | int:
    if match["index"] is not None:
        return int(match["index"])
    name = match["name"]
    return str(tomllib.loads(f"name = {name}")["name"]) if name[0] in "\"'" else name


def parse_value(text: str) -> object:
    """The TOML value of a text on a command line. What is none is the text itself."""
    # Inside braces, a line break, a comment or a second key cannot slip in after the value.
    try:
        table = tomllib.loads(f"table = {{value = {text}}}")["table"]
    except (ValueError, RecursionError):
        return text
    return table["value"] if len(table) == 1 else text
