"""The line of every key of a TOML document, which tomllib does not report."""

import re
import tomllib
from typing import NamedTuple, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""The path of a value: ``("model", "modules", 2, "type")``."""

ConfigProblem: TypeAlias = tuple[KeyPath, str]
"""A key path, and the problem of its value."""


TOKEN = re.compile(
    r'''
    (?P<string> """ (?: \\. | [^\\] )*? """ "{0,2}   # up to two quotes may precede the closing three
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


class Token(NamedTuple):
    """A token and its line."""

    text: str
    line: int


class Positions:
    """The lines of a valid TOML document: ``get_line(("model", "modules", 2, "type"))``. The first line is 1.

    The line of a key is that of its name, of a list element that of its first character, of a table that of its header.
    The document is parsed when a line is first needed, which takes longer than reading it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[Token] = []
        self._next = 0
        self._lines: dict[KeyPath, int] = {(): 1}
        self._lengths: dict[KeyPath, int] = {}  # of the arrays of tables up to the current token

    def __contains__(self, path: KeyPath) -> bool:
        return path in self._line_numbers()

    def get_line(self, path: KeyPath) -> int:
        """The line of ``path``, or of the nearest enclosing table or list in the document."""
        lines = self._line_numbers()
        while path not in lines:
            path = path[:-1]
        return lines[path]

    def _line_numbers(self) -> dict[KeyPath, int]:
        """The line of every key."""
        if not self._tokens:
            self._tokens = tokenize(self._text)
            self._parse_document()
        return self._lines

    def _parse_document(self) -> None:
        table: KeyPath = ()
        while self._skip_newlines():
            if self._peek("["):
                table = self._parse_header()
            else:
                self._parse_entry(table)

    def _parse_header(self) -> KeyPath:
        line = self._take().line
        in_array = self._accept("[")
        *ancestors, name = self._parse_key()
        path: KeyPath = ()
        for step in ancestors:
            path = self._resolve_last((*path, step))
        path = (*path, name)
        if in_array:
            self._lengths[path] = self._lengths.get(path, 0) + 1
            self._record(path, line)
            path = self._resolve_last(path)
        self._record(path, line)
        self._lines[path] = line  # a header takes precedence over an earlier, longer key
        while self._accept("]"):
            pass
        return path

    def _resolve_last(self, path: KeyPath) -> KeyPath:
        """In a header, ``[modules.x]`` refers to the last of the preceding ``[[modules]]``."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _parse_entry(self, table: KeyPath) -> None:
        line = self._tokens[self._next].line
        path = (*table, *self._parse_key())
        self._record(path, line)
        self._take()  # the equals sign
        self._parse_value(path)

    def _parse_key(self) -> list[str]:
        names = [unquote(self._take().text)]
        while self._accept("."):
            names.append(unquote(self._take().text))
        return names

    def _parse_value(self, path: KeyPath) -> None:
        if self._accept("["):
            self._parse_elements(path)
        elif self._accept("{"):
            self._parse_inline_table(path)
        else:  # a string is one token; 3.14 and 07:32:00.5 are several
            while not self._peek(",", "]", "}", "\n"):
                self._take()

    def _parse_elements(self, path: KeyPath) -> None:
        index = 0
        while self._skip_newlines() and not self._accept("]"):
            self._record((*path, index), self._tokens[self._next].line)
            self._parse_value((*path, index))
            self._skip_newlines()
            self._accept(",")
            index += 1

    def _parse_inline_table(self, path: KeyPath) -> None:
        while self._skip_newlines() and not self._accept("}"):
            self._parse_entry(path)
            self._skip_newlines()
            self._accept(",")

    def _record(self, path: KeyPath, line: int) -> None:
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], line)

    def _peek(self, *texts: str) -> bool:
        return self._tokens[self._next].text in texts

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _accept(self, text: str) -> bool:
        seen = self._peek(text)
        self._next += seen
        return seen

    def _skip_newlines(self) -> bool:
        """Go to the next line that is not empty; False at the end."""
        while self._next < len(self._tokens) and self._peek("\n"):
            self._next += 1
        return self._next < len(self._tokens)


def tokenize(text: str) -> list[Token]:
    """The tokens of a document, without comments and spaces."""
    tokens, line = [], 1
    for match in TOKEN.finditer(text + "\n"):
        if match.lastgroup in ("string", "mark", "bare"):
            tokens.append(Token(match.group(), line))
        line += match.group().count("\n")
    return tokens


def unquote(key: str) -> str:
    """One part of a key without its quotes and escapes."""
    return key if key[0] not in "\"'" else str(tomllib.loads(f"name = {key}")["name"])
