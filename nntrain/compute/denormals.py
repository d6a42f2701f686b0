"""Flush denormal numbers, below 1.2e-38 in float32, to zero in training and inference.

Processors compute with denormals up to a hundred times slower, and networks produce many: the softmax of a confident
prediction, or Adam's averages of a unit without gradients, which decay without reaching 0. No relevant result is that
small. Measurements: docs/performance.md.
"""

import ctypes
import platform
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple


class FenvLayout(NamedTuple):
    """The position of the control word in C's ``fenv_t``, and its bits for flushing."""

    format: str
    offset: int
    bits: int


# SSE's MXCSR has "flush to zero" for results and "denormals are zero" for operands; ARM's FPCR has one bit for both.
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
    """The floating-point environment of the calling thread, through C's functions."""

    def __init__(self, library: Any, layout: FenvLayout) -> None:
        self._get, self._put = library.fegetenv, library.fesetenv
        self._layout = layout

    def flush(self, enabled: bool = True) -> bytes | None:
        """Enable or disable flushing. Return the previous environment, or None if nothing changed."""
        memory = ctypes.create_string_buffer(FENV_SIZE)
        self._get(memory)
        before = memory.raw
        (word,) = struct.unpack_from(self._layout.format, before, self._layout.offset)
        new_word = word | self._layout.bits if enabled else word & ~self._layout.bits
        if word == new_word:
            return None
        struct.pack_into(self._layout.format, memory, self._layout.offset, new_word)
        self._put(memory)
        return before

    def restore(self, before: bytes) -> None:
        """Restore an environment."""
        self._put(ctypes.create_string_buffer(before, FENV_SIZE))


@cache
def find_float_environment() -> FloatEnvironment | None:
    """Return the environment if flushing works on this system, else None."""
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
    """Whether this thread flushes denormals."""
    smallest = 2.0**-1022  # the smallest normal float64, the type of Python's floats
    return smallest * 0.5 == 0.0


def set_flush_denormals(enabled: bool) -> None:
    """Enable or disable flushing in this thread, if the system supports it.

    Whether a new thread inherits the setting depends on the system, so set it in every thread.
    """
    if is_flushing_denormals() != enabled and (found := find_float_environment()) is not None:
        found.flush(enabled)


@contextmanager
def flush_denormals(enabled: bool = True) -> Iterator[None]:
    """Flush denormals in this thread inside the context, or keep them, if the system supports it."""
    found = find_float_environment()
    before = None if found is None else found.flush(enabled)
    try:
        yield
    finally:
        if found is not None and before is not None:
            found.restore(before)
