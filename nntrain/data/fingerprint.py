"""Fingerprints, which show whether the content of files has changed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event

from nntrain.data.file_state import FileState, check_unchanged
from nntrain.errors import DataError

# The name in ``run.json`` of the fingerprint of all bytes of the files.
HASH_ALGORITHM = "sha256"

# Number of bytes to hash at once.
CHUNK_SIZE = 2**20

# Number and size of the regions of a streamed file that older runs compared.
REGION_COUNT = 256
REGION_SIZE = 2**16


def compute_fingerprint(path: str | Path, stop: Event | None = None) -> str:
    """Return the SHA-256 of a file in hexadecimal; anything once ``stop`` is set. DataError for a pipe."""
    if FileState.from_path(path) is None:
        raise DataError(f"{path}: expected a regular file, whose content can be compared")
    found = hashlib.sha256()
    piece = memoryview(bytearray(CHUNK_SIZE))
    with open(path, "rb", buffering=0) as file:
        while (size := file.readinto(piece)) and not (stop and stop.is_set()):
            found.update(piece[:size])
    return found.hexdigest()


def combine_fingerprints(paths: Iterable[str | None], compute: Callable[[str], str] = compute_fingerprint) -> str:
    """Return the fingerprint of a single file, or the SHA-256 of those of several."""
    found = [compute(path) for path in paths if path]
    return found[0] if len(found) == 1 else hashlib.sha256(" ".join(found).encode()).hexdigest()


@contextmanager
def fingerprint_in_background(*paths: str | None) -> Iterator[Callable[[], str]]:
    """Hash files in a thread while the block reads them. Yield a function that waits for their fingerprint.

    DataError if a file changes before the end, so that both read the same bytes.
    """
    stop = Event()
    with check_unchanged(*paths), ThreadPoolExecutor(1, "fingerprint") as executor:
        found = executor.submit(combine_fingerprints, paths, partial(compute_fingerprint, stop=stop))
        try:
            yield found.result
        finally:
            stop.set()


def compute_sampled_fingerprint(path: str | Path) -> str:
    """Return the SHA-256 of the size of a file and of 256 regions of 64 KiB, evenly spread from start to end.

    Older runs that stream their rows recorded it. In files of more than 16 MiB, changes between regions are not seen.
    """
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        found = hashlib.sha256(str(size).encode())
        last = max(size - REGION_SIZE, 0)
        for start in sorted({last * number // (REGION_COUNT - 1) for number in range(REGION_COUNT)}):
            file.seek(start)
            found.update(file.read(REGION_SIZE))
    return found.hexdigest()
