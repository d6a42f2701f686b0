"""Open an HDF5 file that may be corrupt or malicious."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from nntrain.errors import NntrainError
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import read_attribute
from nntrain.hdf5.probe import probe_file
from nntrain.hdf5.sandbox import run_sandboxed

if TYPE_CHECKING:
    import h5py


def import_h5py_without_plugins() -> ModuleType:
    """Import h5py so that HDF5 loads no plugin code in this process.

    HDF5 reads the variable when it is initialized; its search folders can be removed at any time.
    """
    if "h5py" not in sys.modules:
        os.environ["HDF5_PLUGIN_PRELOAD"] = "::"
    import h5py

    while h5py.h5pl.size():
        h5py.h5pl.remove(0)
    return h5py


HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"

# The second possible offset of the signature; each further one is twice as large.
USER_BLOCK = 512

# Maximum number of attempts to open a file that changes meanwhile, such as a best network that a run replaces.
MAX_TRIES = 3

# The errors of files that were read in a sandbox, by the state of the file at that time.
sandbox_errors: dict[tuple[int, ...], str] = {}


def open_hdf5_file(path: Path, problem: ErrorFactory, cache: int | None = None, *, own: bool = False) -> h5py.File:
    """Open the file for reading, with a chunk cache of ``cache`` bytes.

    HDF5 reads it in a sandbox first, unless nntrain wrote it itself (``own``), such as a file of its cache.
    """
    if path.is_file() and not has_signature(path):
        raise problem("not an HDF5 file, or a corrupt one: missing signature")
    h5py = import_h5py_without_plugins()
    for _ in range(MAX_TRIES):
        with translate_errors(problem):
            state = get_file_state(path.stat())
            if not own:
                if state not in sandbox_errors:
                    sandbox_errors[state] = run_sandboxed(partial(probe_file, path), path.stat().st_size)
                if sandbox_errors[state]:
                    raise problem(sandbox_errors[state])
            file = h5py.File(path, "r", rdcc_nbytes=cache, driver="sec2")
            if get_file_state(os.fstat(file.id.get_vfd_handle())) == state:
                return file
            file.close()
    raise problem("changes while it is opened; try again when it is complete")


def has_format(path: Path, mark: str) -> bool:
    """Whether a file is an HDF5 file with the attribute ``format`` = ``mark``, complete or not."""
    with suppress(NntrainError), open_hdf5_file(path, NntrainError) as file:
        return bool(read_attribute(file, "format", NntrainError) == mark)
    return False


def has_signature(path: Path) -> bool:
    """Whether the signature is at one of the offsets where HDF5 searches it."""
    with open(path, "rb") as file:
        offset, size = 0, os.fstat(file.fileno()).st_size
        while offset < size:
            file.seek(offset)
            if file.read(len(HDF5_SIGNATURE)) == HDF5_SIGNATURE:
                return True
            offset = offset * 2 or USER_BLOCK
    return False


def get_file_state(known: os.stat_result) -> tuple[int, ...]:
    """Return the identity and the state of a file."""
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns, known.st_ctime_ns
