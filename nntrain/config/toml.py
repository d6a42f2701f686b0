"""Read TOML files with the line of every key; write TOML."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import tomli_w

from nntrain.config.positions import Positions
from nntrain.errors import ConfigError
from nntrain.files.file_kind import describe_file
from nntrain.formatting import escape_toml_string
from nntrain.specs.nesting import MAX_NESTING

# The layout of files that are written.
LINE_WIDTH, INDENT = 120, "    "

LOCATION = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")

# The messages of the parser about a key or a section that is defined twice.
DUPLICATE_MESSAGES = ("Cannot overwrite", "Cannot declare", "Duplicate inline table key")

# A key starts a line, a header or an entry; strings do not match. The quantifiers are possessive, so no character is
# matched twice.
PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
LONG_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*+{PART}(?:[ \t]*+\.[ \t]*+{PART}){{{MAX_NESTING}}}", re.MULTILINE)


def read_toml(path: Path) -> tuple[dict[str, Any], Positions]:
    """The tree and the positions of the file at ``path``. ConfigError if it cannot be read."""
    text = read_text(path)
    if has_long_key(text):
        raise ConfigError(f"{path}: expected keys of at most {MAX_NESTING} parts")
    try:
        return tomllib.loads(text), Positions(text)
    except tomllib.TOMLDecodeError as error:
        line, what = parse_syntax_error(text, str(error))
        raise ConfigError(f"{path}:{line}: {what}") from None
    except RecursionError:
        raise ConfigError(f"{path}: tables and lists are nested more than {MAX_NESTING} deep") from None
    except ValueError as error:  # Python does not read a number of thousands of digits
        raise ConfigError(f"{path}: cannot be read: {str(error).partition(';')[0]}") from None


def has_long_key(text: str) -> bool:
    """Whether a key of a TOML document has more than MAX_NESTING parts: parsing time grows with their square."""
    return LONG_KEY.search(text) is not None


def read_text(path: Path) -> str:
    """The text of a config file. ConfigError if it cannot be read as UTF-8."""
    kind = describe_file(path)
    if kind is not None:
        raise ConfigError(f"{path}: expected a TOML file, got {kind}")
    try:
        return path.read_bytes().decode("utf-8-sig")  # editors on Windows write a byte order mark
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: expected UTF-8, got the byte 0x{error.object[error.start]:02x}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def parse_syntax_error(text: str, message: str) -> tuple[int, str]:
    """The line and the text of a message of the form ``what (at line 3, column 5)``."""
    lines = text.splitlines() or [""]
    found = LOCATION.fullmatch(message)
    if found is None:
        return 1, message
    line = len(lines) if found["line"] is None else int(found["line"])
    if found["what"].startswith(DUPLICATE_MESSAGES):
        return line, f"{lines[line - 1].partition('=')[0].strip()!r} is defined twice"
    if found["line"] is None:
        return line, f"{found['what']} at the end of the file"
    if found["what"] != "Invalid value":
        return line, found["what"]
    column = int(found["column"])
    return line, f"expected a value, got {lines[line - 1][column - 1 :].strip()!r}; strings need quotes"


def format_toml(tree: dict[str, Any]) -> str:
    """``tree``, e.g. ``config.model_dump()``, as TOML. Keys whose value is None are omitted: TOML has no null.

    A list of tables, e.g. modules, has one line for each table, and so has a list of lists of numbers, in columns.
    """
    return "\n".join(iterate_tables(drop_none(tree), ()))


def iterate_tables(table: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """A text for each table: its header and its values, which come before the tables inside."""
    values = [
        f"{format_toml_key(key)} = {format_lines(value, len(key) + 3)}\n"
        for key, value in table.items()
        if not isinstance(value, dict)
    ]
    tables = {key: value for key, value in table.items() if isinstance(value, dict)}
    if path and (values or not tables):
        values.insert(0, f"[{'.'.join(map(format_toml_key, path))}]\n")
    if values:
        yield "".join(values)
    for key, inner in tables.items():
        yield from iterate_tables(inner, (*path, key))


def format_lines(value: Any, used: int = 0, lead: str = "") -> str:
    """A value as TOML, on one line or several, those after the first indented by more than ``lead``.

    ``used``: the number of characters before it in its line.
    """
    if isinstance(value, dict):
        # TOML allows line ends within the lists of such a table, but not between its keys.
        entries = [f"{format_toml_key(key)} = {format_lines(item, 0, lead)}" for key, item in value.items()]
        return f"{{ {', '.join(sorted(entries, key=is_multiline))} }}" if value else "{}"
    line = format_toml_value(value)
    if not isinstance(value, list | tuple):
        return line
    inner = f"{lead}{INDENT}"
    if any(isinstance(item, dict) for item in value):
        lines = [format_lines(item, len(inner), inner) for item in value]
    elif value and all(isinstance(item, list | tuple) for item in value):
        lines = align_lists(value)
    elif used + len(lead) + len(line) > LINE_WIDTH:
        lines = fill_lines(list(map(format_toml_value, value)), LINE_WIDTH - len(inner))
    else:
        return line
    return "\n".join(["[", *(f"{inner}{item}," for item in lines), f"{lead}]"])


def is_multiline(text: str) -> bool:
    """Whether an entry has several lines; such entries are easier to read at the end."""
    return "\n" in text


def fill_lines(items: Sequence[str], width: int) -> list[str]:
    """The items, separated by commas, in lines of at most ``width`` characters, or of one item."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + 3 <= width:
            lines[-1] += f", {item}"
        else:
            lines.append(item)
    return lines


def align_lists(lists: Sequence[Sequence[Any]]) -> list[str]:
    """Each list on one line, with the first elements of all below one another, the second ones, and so on."""
    cells = [list(map(format_toml_value, row)) for row in lists]
    widths = [max(map(len, filter(None, column))) for column in zip_longest(*cells)]
    return [f"[{', '.join(cell.rjust(width) for cell, width in zip(row, widths, strict=False))}]" for row in cells]


def format_toml_value(value: Any) -> str:
    """A value as TOML, on one line."""
    if isinstance(value, dict):
        return (
            f"{{ {', '.join(f'{format_toml_key(key)} = {format_toml_value(item)}' for key, item in value.items())} }}"
            if value
            else "{}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(format_toml_value, value))}]"
    return escape_toml_string(tomli_w.dumps({"x": value}).partition(" = ")[2].strip())


def format_toml_key(name: str) -> str:
    """A TOML key: bare, or in quotes."""
    return escape_toml_string(tomli_w.dumps({name: 0}).removesuffix(" = 0\n"))


def drop_none(tree: dict[str, Any]) -> dict[str, Any]:
    """A copy of a tree without the keys whose value is None."""
    kept = {key: value for key, value in tree.items() if value is not None}
    return {key: drop_none(value) if isinstance(value, dict) else value for key, value in kept.items()}
