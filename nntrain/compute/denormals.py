"""Numbers below the smallest normal one, 1.2e-38 in single precision, taken for 0 where networks learn and predict.

A processor computes with such numbers up to a hundred times slower than with others, and a network makes many: the
softmax of a sure answer, and Adam's averages where a unit gets no gradient any more, which halve forever and never
reach 0. No result that matters is that small. Figures: docs/performance.md.
"""

from __future__ import annotations

import ctypes
import platform
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

__all__ = ["flush_denormals", "is_flushing_denormals", "set_flush_denormals"]


class FenvLayout(NamedTuple):
    """Where C's ``fenv_t`` keeps the processor's control word, and the bits in it that flush."""

    format: str
    offset: int
    bits: int


# SSE's MXCSR has "flush to zero" for results and "denormals are zero" for operands; ARM's FPCR one bit for both.
# Sources: the header fenv.h of glibc, musl and macOS; Intel 64 and IA-32 Architectures Software Developer's Manual,
# volume 1, 10.2.3; Arm Architecture Reference Manual, FPCR.
SSE, ARM = 0x8040, 1 << 24
LAYOUTS = {
    ("Linux", "x86_64"): FenvLayout("=I", 28, SSE),
    ("Linux", "aarch64"): FenvLayout("=I", 0, ARM),
    ("Darwin", "x86_64"): FenvLayout("=I", 4, SSE),
    ("Darwin", "arm64"): FenvLayout("=Q", 8, ARM),
}

# No fenv_t is larger.
FENV_SIZE = 64


class FloatEnvironment:
    """The floating-point environment of the thread that asks: what C's functions get and set."""

    def __init__(self, library: Any, layout: FenvLayout) -> None:
        self._get, self._put = library.fegetenv, library.fesetenv
        self._layout = layout

    def flush(self, enabled: bool = True) -> bytes | None:
        """Flush from now on, or do not. The environment before, or None if it was that one already."""
        memory = ctypes.create_string_buffer(FENV_SIZE)
        self._get(memory)
        before = memory.raw
        (word,) = struct.unpack_from(self._layout.format, before, self._layout.offset)
        wanted = word | self._layout.bits if enabled else word & ~self._layout.bits
        if word == wanted:
            return None
        struct.pack_into(self._layout.format, memory, self._layout.offset, wanted)
        self._put(memory)
        return before

    def restore(self, before: bytes) -> None:
        """Go back to an environment."""
        self._put(ctypes.create_string_buffer(before, FENV_SIZE))


@cache
def find_float_environment() -> FloatEnvironment | None:
    """The environment, where flushing is known to work; None elsewhere."""
    layout = LAYOUTS.get((platform.system(), platform.machine()))
    if layout is None:
        return None
    try:
        found = FloatEnvironment(ctypes.CDLL(None), layout)
    except (OSError, AttributeError):
        return None
    before = found.flush()
    works = is_flushing_denormals()
    if before is not None:
        found.restore(before)
    return found if works else None


def is_flushing_denormals() -> bool:
    """Whether this thread takes such numbers for 0."""
    smallest = 2.0**-1022  # of the normal numbers in double precision, which Python's are
    return smallest * 0.5 == 0.0


def set_flush_denormals(enabled: bool) -> None:
    """Have this thread take them for 0 from now on, or not, where the system lets it be asked for.

    A new thread does as the one that made it, or not, as the system has it: it has to be asked for either way.
    """
    if is_flushing_denormals() != enabled and (found := find_float_environment()) is not None:
        found.flush(enabled)


@contextmanager
def flush_denormals() -> Iterator[None]:
    """A context in which this thread takes them for 0, where the system lets it be asked for."""
    found = find_float_environment()
    before = None if found is None else found.flush()
    try:
        yield
    finally:
        if found is not None and before is not None:
            found.restore(before)
