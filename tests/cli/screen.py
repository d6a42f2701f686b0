"""The screen of a terminal, as far as the bar of progress uses it."""

from __future__ import annotations

import re

__all__ = ["Screen"]

PIECES = re.compile(r"\x1b\[(\d*)([A-Za-z])|([\r\n])|([^\x1b\r\n])")


class Screen:
    """What a terminal shows: lines of ``columns`` characters, of which text that is too long fills the next."""

    def __init__(self, columns: int = 80) -> None:
        self.columns = columns
        self.lines = [""]
        self.row = self.column = 0
        self.colors: list[str] = []

    def feed(self, text: str) -> Screen:
        """Print a text."""
        at = 0
        while at < len(text):
            piece = PIECES.match(text, at)
            assert piece, f"an unknown control sequence: {text[at : at + 10]!r}"
            number, command, end, character = piece.groups()
            if command:
                self.control(command, number)
            elif end:
                self.column = 0
                self.move(end == "\n")
            else:
                self.put(character)
            at = piece.end()
        return self

    def control(self, command: str, number: str) -> None:
        line = self.lines[self.row]
        if command == "A":
            self.row = max(self.row - int(number), 0)
        elif command == "K":
            assert not number
            self.lines[self.row] = line[: self.column]
        elif command == "J":
            assert not number
            self.lines[self.row :] = [line[: self.column]]
        else:
            assert command == "m"
            self.colors.append(number)

    def put(self, character: str) -> None:
        if self.column == self.columns:
            self.column = 0
            self.move(1)
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + character + line[self.column + 1 :]
        self.column += 1

    def move(self, lines: int) -> None:
        self.row += lines
        self.lines += [""] * (self.row + 1 - len(self.lines))

    @property
    def shown(self) -> list[str]:
        """The lines without spaces at their ends, and without empty ones at the end."""
        return "\n".join(line.rstrip() for line in self.lines).rstrip("\n").split("\n")
