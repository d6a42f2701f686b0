"""Whether a file is still the file it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

__all__ = ["fingerprint", "fingerprint_of_all", "sampled_fingerprint"]

# Stretches of a large file that are looked at, and the bytes of each.
STRETCHES = 256
LENGTH = 2**16


def fingerprint_of_all(paths: Iterable[str | None], one: Callable[[str], str]) -> str:
    """What ``one`` says of a single file, or the SHA-256 of what it says of several."""
    found = [one(path) for path in paths if path]
    return found[0] if len(found) == 1 else hashlib.sha256(" ".join(found).encode()).hexdigest()


def fingerprint(path: str | Path) -> str:
    """The SHA-256 of the bytes of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sampled_fingerprint(path: str | Path) -> str:
    """The SHA-256 of the size of a file and of 256 stretches of 64 KiB: its begin, its end, and evenly between.

    All of a file of up to 16 MiB. In a larger one, a change that keeps the size and lies between is not seen.
    """
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        found = hashlib.sha256(str(size).encode())
        last = max(size - LENGTH, 0)
        for place in sorted({last * number // (STRETCHES - 1) for number in range(STRETCHES)}):
            file.seek(place)
            found.update(file.read(LENGTH))
    return found.hexdigest()
