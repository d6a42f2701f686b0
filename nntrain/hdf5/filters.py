"""Which filters may lie between the bytes of a file and what is read."""

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

__all__ = ["MAX_RATIO", "check_chunks", "check_filters", "get_filters"]

DEFLATE, SHUFFLE, FLETCHER32, LZF = 1, 2, 3, 32000

# Filters that HDF5 and h5py bring along. Others would be code that is loaded from somewhere.
SUPPORTED_FILTERS = {DEFLATE, SHUFFLE, FLETCHER32, LZF}

# Some of the others, after the registry of The HDF Group.
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

# No filter on the list makes more bytes of one: 258 for 2 bits is what deflate may do at best.
MAX_RATIO = 1032

# Bytes of the address of a text in memory, which HDF5 counts in place of what is in the file.
POINTER_SIZE = ctypes.sizeof(ctypes.c_char_p)

# Bytes of a checksum of fletcher32, and those that are unpacked at once.
CHECKSUM_SIZE, CHUNK_SIZE = 4, 2**20


def get_filters(item: h5py.Group | h5py.Dataset) -> list[int]:
    """The numbers of the filters of a dataset's values or of a group's links, in the order in which they pack."""
    import h5py

    plan = item.id.get_create_plist()
    # h5py offers filters for the plan of a dataset alone; HDF5 knows them for a group's as well. The identifier
    # remains that of ``plan``, which closes it.
    asked = h5py.h5p.PropDCID(plan.id)
    asked.locked = True
    return [asked.get_filter(index)[0] for index in range(asked.get_nfilters())]


def check_filters(where: str, used: Sequence[int], problem: ErrorFactory, *, allowed: bool) -> None:
    """The error for a filter that is not on the list, for any unless they are ``allowed``, and for an odd order."""
    if used and (not allowed or not set(used) <= SUPPORTED_FILTERS):
        advice = '; write it with gzip (in pandas: complib="zlib")' if allowed else ""
        raise problem(f"{where}: is filtered by {format_filter_names(used)}, which is not read here{advice}")
    packers = [number for number in used if number in (DEFLATE, LZF)]
    if len(set(used)) < len(used) or len(packers) > 1 or (packers and SHUFFLE in used[used.index(packers[0]) :]):
        raise problem(f"{where}: is filtered by {list(used)}; expected shuffle, then gzip or lzf, each at most once")


def format_filter_names(numbers: Sequence[int]) -> str:
    """The filters that are not on the list, or all."""
    others = (FILTER_NAMES.get(number, f"filter {number}") for number in numbers if number not in SUPPORTED_FILTERS)
    return ", ".join(others) or "a compression"


def check_chunks(dataset: h5py.Dataset, used: Sequence[int], problem: ErrorFactory) -> None:
    """The error for a chunk that unpacks to another size than chunks have.

    HDF5 does not look: of a chunk that is too short it takes what comes next in memory for values, and one that is too
    long it unpacks whole. A chunk that cannot be unpacked is its to refuse.
    """
    size = get_stored_size(dataset)
    for length in dataset.chunks:
        size *= length
    starts: list[tuple[int, ...]] = []
    dataset.id.chunk_iter(lambda chunk: starts.append(chunk.chunk_offset))
    for start in starts:
        mask, packed = dataset.id.read_direct_chunk(start)
        applied = [number for place, number in enumerate(used) if not mask >> place & 1]
        found = measure_unpacked(packed, applied, size)
        if found is not None and found != size:
            more = "more" if found > size else f"{found:,}"
            raise problem(f"{dataset.name}: the chunk at {start} holds {more} bytes; expected {size:,}")


def get_stored_size(dataset: h5py.Dataset) -> int:
    """The bytes of a value in the file, where a text by reference is its length, an address and a number."""
    dtype = dataset.dtype
    parts = [dtype[name] for name in dtype.names] if dtype.names else [dtype]
    references = sum(math.prod(part.shape) for part in parts if part.hasobject)
    address, _ = dataset.file.id.get_create_plist().get_sizes()
    return int(dataset.id.get_type().get_size() + references * (8 + address - POINTER_SIZE))


def measure_unpacked(packed: bytes, applied: Sequence[int], expected: int) -> int | None:
    """The bytes of a chunk without its filters, counted to one more than expected at most; None if it is damaged."""
    size = len(packed)
    for place, number in reversed(list(enumerate(applied))):
        before = expected + CHECKSUM_SIZE * (FLETCHER32 in applied[:place])
        if number == FLETCHER32:
            size -= CHECKSUM_SIZE
        elif number == DEFLATE:
            size = measure_deflate(memoryview(packed)[: max(size, 0)], before)
        elif number == LZF:
            size = measure_lzf(memoryview(packed)[: max(size, 0)], before)
        if size < 0:
            return None
    return size


def measure_deflate(packed: memoryview, most: int) -> int:
    """The bytes of a zlib stream, counted to ``most`` + 1 at most; −1 if it is damaged."""
    stream: Any = zlib.decompressobj()
    size, rest = 0, packed
    try:
        while not stream.eof and size <= most:
            piece = len(stream.decompress(rest, min(CHUNK_SIZE, most + 1 - size)))
            rest = stream.unconsumed_tail
            size += piece
            if not piece and not rest:
                return -1
    except zlib.error:
        return -1
    return size


def measure_lzf(packed: memoryview, most: int) -> int:
    """The bytes of LZF data, counted to about ``most``; −1 if it is damaged."""
    import h5py

    try:
        unpack = ctypes.CDLL(h5py.h5z.__file__, use_errno=True).lzf_decompress
    except (AttributeError, OSError):
        return measure_lzf_in_python(packed, most)
    unpack.argtypes = (ctypes.c_char_p, ctypes.c_uint, ctypes.c_char_p, ctypes.c_uint)
    found = unpack(bytes(packed), len(packed), ctypes.create_string_buffer(most + 1), most + 1)
    return int(found) or (most + 1 if ctypes.get_errno() == errno.E2BIG else -1)


def measure_lzf_in_python(packed: memoryview, most: int) -> int:
    """What ``measure_lzf`` gives where h5py's own function for it cannot be found, ten times slower.

    A byte below 32 comes before so many and one literal bytes; another has the length of a copy in its upper 3 bits,
    with a further byte where they are 7, and is followed by the lower byte of a distance. Source: liblzf, lzf_d.c.
    """
    place = size = 0
    end = len(packed)
    while place < end and size <= most:
        control = packed[place]
        place += 1
        if control < 32:
            place += control + 1
            size += control + 1
            continue
        length = control >> 5
        if length == 7 and place < end:
            length += packed[place]
            place += 1
        place += 1
        size += length + 2
    return size if place <= end else -1
