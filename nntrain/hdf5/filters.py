"""The allowed filters, and the sizes of unpacked chunks."""

from __future__ import annotations

import ctypes
import errno
import math
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nntrain.hdf5.error_factory import ErrorFactory

if TYPE_CHECKING:
    import h5py

DEFLATE, SHUFFLE, FLETCHER32, LZF = 1, 2, 3, 32000

# Filters included in HDF5 and h5py. Others would be loaded as plugin code.
SUPPORTED_FILTERS = {DEFLATE, SHUFFLE, FLETCHER32, LZF}

# Names of other filters from the registry of The HDF Group.
FILTER_NAMES = {
    4: "szip",
    305: "LZO",
    307: "bzip2",
    32001: "Blosc",
    32004: "LZ4",
    32013: "ZFP",
    32015: "Zstandard",
    32026: "Blosc2",
}

# The maximum expansion of a supported filter: deflate encodes 258 bytes in 2 bits.
MAX_RATIO = 1032

# Bytes of a string address in memory, which HDF5 counts instead of its size in the file.
POINTER_SIZE = ctypes.sizeof(ctypes.c_char_p)

# Bytes of a fletcher32 checksum, and bytes to unpack at once.
CHECKSUM_SIZE, CHUNK_SIZE = 4, 2**20


def get_filters(item: h5py.Group | h5py.Dataset) -> list[int]:
    """Return the numbers of the filters of a dataset's values or of a group's links, in the order of packing."""
    import h5py

    plan = item.id.get_create_plist()
    # h5py exposes filters only for the creation list of a dataset, HDF5 also for that of a group. The identifier
    # still belongs to ``plan``, which closes it.
    view = h5py.h5p.PropDCID(plan.id)
    view.locked = True
    return [view.get_filter(index)[0] for index in range(view.get_nfilters())]


def check_filters(where: str, used: Sequence[int], problem: ErrorFactory, *, allowed: bool) -> None:
    """The error for an unsupported filter, for any filter unless ``allowed``, and for an unusual order."""
    if used and (not allowed or not set(used) <= SUPPORTED_FILTERS):
        advice = '; write it with gzip (in pandas: complib="zlib")' if allowed else ""
        others = [FILTER_NAMES.get(number, f"filter {number}") for number in used if number not in SUPPORTED_FILTERS]
        raise problem(f"{where}: unsupported filter: {', '.join(others) or 'compression'}{advice}")
    packers = [number for number in used if number in (DEFLATE, LZF)]
    if len(set(used)) < len(used) or len(packers) > 1 or (packers and SHUFFLE in used[used.index(packers[0]) :]):
        raise problem(f"{where}: expected the filters shuffle, then gzip or lzf, each at most once, got {list(used)}")


def check_chunks(dataset: h5py.Dataset, used: Sequence[int], problem: ErrorFactory) -> None:
    """The error for a chunk that unpacks to the wrong size.

    HDF5 does not check it: it reads the memory after a chunk that is too short, and unpacks all of one that is too
    long. It refuses chunks that cannot be unpacked.
    """
    size = get_stored_size(dataset)
    for length in dataset.chunks:
        size *= length
    starts: list[tuple[int, ...]] = []
    dataset.id.chunk_iter(lambda chunk: starts.append(chunk.chunk_offset))
    for start in starts:
        mask, packed = dataset.id.read_direct_chunk(start)
        applied = [number for index, number in enumerate(used) if not mask >> index & 1]
        found = measure_unpacked(packed, applied, size)
        if found is not None and found != size:
            more = "more" if found > size else f"{found:,}"
            raise problem(f"{dataset.name}: the chunk at {start}: expected {size:,} bytes, got {more}")


def get_stored_size(dataset: h5py.Dataset) -> int:
    """Return the bytes of a value in the file, where a variable-length string is a length, an address and an index."""
    dtype = dataset.dtype
    parts = [dtype[name] for name in dtype.names] if dtype.names else [dtype]
    references = sum(math.prod(part.shape) for part in parts if part.hasobject)
    address, _ = dataset.file.id.get_create_plist().get_sizes()
    return int(dataset.id.get_type().get_size() + references * (8 + address - POINTER_SIZE))


def measure_unpacked(packed: bytes, applied: Sequence[int], expected: int) -> int | None:
    """Return the unpacked size of a chunk, at most one more than expected; None if it is corrupt."""
    size = len(packed)
    for index, number in reversed(list(enumerate(applied))):
        before = expected + CHECKSUM_SIZE * (FLETCHER32 in applied[:index])
        if number == FLETCHER32:
            size -= CHECKSUM_SIZE
        elif number == DEFLATE:
            size = measure_deflate(memoryview(packed)[: max(size, 0)], before)
        elif number == LZF:
            size = measure_lzf(memoryview(packed)[: max(size, 0)], before)
        if size < 0:
            return None
    return size


def measure_deflate(packed: memoryview, maximum: int) -> int:
    """Return the unpacked size of a zlib stream, at most ``maximum`` + 1; −1 if it is corrupt."""
    stream: Any = zlib.decompressobj()
    size, rest = 0, packed
    try:
        while not stream.eof and size <= maximum:
            unpacked = len(stream.decompress(rest, min(CHUNK_SIZE, maximum + 1 - size)))
            rest = stream.unconsumed_tail
            size += unpacked
            if not unpacked and not rest:
                return -1
    except zlib.error:
        return -1
    return size


def measure_lzf(packed: memoryview, maximum: int) -> int:
    """Return the unpacked size of LZF data, counted to about ``maximum``; −1 if it is corrupt."""
    import h5py

    try:
        unpack = ctypes.CDLL(h5py.h5z.__file__, use_errno=True).lzf_decompress
    except (AttributeError, OSError):
        return measure_lzf_in_python(packed, maximum)
    unpack.argtypes = (ctypes.c_char_p, ctypes.c_uint, ctypes.c_char_p, ctypes.c_uint)
    found = unpack(bytes(packed), len(packed), ctypes.create_string_buffer(maximum + 1), maximum + 1)
    return int(found) or (maximum + 1 if ctypes.get_errno() == errno.E2BIG else -1)


def measure_lzf_in_python(packed: memoryview, maximum: int) -> int:
    """Do what ``measure_lzf`` does without h5py's function, ten times slower.

    A control byte c below 32 precedes c + 1 literal bytes; any other has the length of a copy in its upper 3 bits, with
    a further byte if they are 7, and is followed by the lower byte of a distance. Source: liblzf, lzf_d.c.
    """
    position = size = 0
    end = len(packed)
    while position < end and size <= maximum:
        control = packed[position]
        position += 1
        if control < 32:
            position += control + 1
            size += control + 1
            continue
        length = control >> 5
        if length == 7 and position < end:
            length += packed[position]
            position += 1
        position += 1
        size += length + 2
    return size if position <= end else -1
