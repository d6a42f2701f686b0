"""The line of every key of a TOML document, which tomllib does not tell."""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

from nntrain.config.problem import KeyPath

_TOKEN = re.compile(
    r'''
    (?P<string> """ (?: \\. | [^\\] )*? """ "{0,2}   # up to two quotes may stand before the closing three
              | \'\'\' .*? \'\'\' '{0,2}
              | " (?: \\. | [^"\\] )* "
              | ' [^']* ' )
  | (?P<comment> \# [^\n]* )
  | (?P<space> [\x20\t\r]+ )
  | (?P<mark> [\[\]{},=.\n] )
  | (?P<bare> [^\s\[\]{},=."'\#]+ )
    ''',
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    text: str
    line: int


class Positions:
    """Where a valid TOML document says what: ``line_of(("model", "modules", 2, "type"))``, the first line being 1.

    A key stands at the line of its name, an element of a list at the line where it begins, a table at its header.
    The document is looked through when a line is first asked for, which takes longer than to read it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[_Token] = []
        self._next = 0
        self._lines: dict[KeyPath, int] = {(): 1}
        self._lengths: dict[KeyPath, int] = {}  # of the arrays of tables, so far

    def __contains__(self, path: KeyPath) -> bool:
        return path in self._found()

    def line_of(self, path: KeyPath) -> int:
        """The line of ``path``, or of the nearest table or list around it that the document has."""
        lines = self._found()
        while path not in lines:
            path = path[:-1]
        return lines[path]

    def _found(self) -> dict[KeyPath, int]:
        """The line of every key."""
        if not self._tokens:
            self._tokens = _tokens(self._text)
            self._document()
        return self._lines

    def _document(self) -> None:
        table: KeyPath = ()
        while self._skip_newlines():
            if self._sees("["):
                table = self._header()
            else:
                self._entry(table)

    def _header(self) -> KeyPath:
        line = self._take().line
        in_array = self._takes("[")
        *ancestors, name = self._key()
        path: KeyPath = ()
        for step in ancestors:
            path = self._newest((*path, step))
        path = (*path, name)
        if in_array:
            self._lengths[path] = self._lengths.get(path, 0) + 1
            self._note(path, line)
            path = self._newest(path)
        self._note(path, line)
        self._lines[path] = line  # a header says more than the mention of a table in an earlier longer key
        while self._takes("]"):
            pass
        return path

    def _newest(self, path: KeyPath) -> KeyPath:
        """A header's ``[modules.x]`` means the last of the ``[[modules]]`` above it."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _entry(self, table: KeyPath) -> None:
        line = self._tokens[self._next].line
        path = (*table, *self._key())
        self._note(path, line)
        self._take()  # the equals sign
        self._value(path)

    def _key(self) -> list[str]:
        names = [_name(self._take().text)]
        while self._takes("."):
            names.append(_name(self._take().text))
        return names

    def _value(self, path: KeyPath) -> None:
        if self._takes("["):
            self._elements(path)
        elif self._takes("{"):
            self._inline_entries(path)
        else:  # a text is one token, but 3.14 and 07:32:00.5 are several
            while not self._sees(",", "]", "}", "\n"):
                self._take()

    def _elements(self, path: KeyPath) -> None:
        index = 0
        while self._skip_newlines() and not self._takes("]"):
            self._note((*path, index), self._tokens[self._next].line)
            self._value((*path, index))
            self._skip_newlines()
            self._takes(",")
            index += 1

    def _inline_entries(self, path: KeyPath) -> None:
        while self._skip_newlines() and not self._takes("}"):
            self._entry(path)
            self._skip_newlines()
            self._takes(",")

    def _note(self, path: KeyPath, line: int) -> None:
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], line)

    def _sees(self, *texts: str) -> bool:
        return self._tokens[self._next].text in texts

    def _take(self) -> _Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _takes(self, text: str) -> bool:
        seen = self._sees(text)
        self._next += seen
        return seen

    def _skip_newlines(self) -> bool:
        """Go to the next line that says something; False at the end."""
        while self._next < len(self._tokens) and self._sees("\n"):
            self._next += 1
        return self._next < len(self._tokens)


def _tokens(text: str) -> list[_Token]:
    tokens, line = [], 1
    for match in _TOKEN.finditer(text + "\n"):
        if match.lastgroup in ("string", "mark", "bare"):
            tokens.append(_Token(match.group(), line))
        line += match.group().count("\n")
    return tokens


def _name(key: str) -> str:
    """A step of a key without its quotes and escapes."""
    return key if key[0] not in "\"'" else str(tomllib.loads(f"name = {key}")["name"])
