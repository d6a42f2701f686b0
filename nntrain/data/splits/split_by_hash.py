"""A split by the hash of a key: a row keeps its set when other rows are added or removed."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.splits.split_indices import SplitIndices, build_split_indices, check_split_column
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.value_stream import ValueStream


def split_by_hash(keys: ValueStream, *, validation: float, test: float) -> SplitIndices:
    """Return the sets: test if u < test, validation if u < test + validation, else training.

    u in [0, 1) depends only on the text of the key, not on a seed, other rows or positions. So rows with the same key
    are in one set, a row keeps its set when others are added or removed, and a larger test set contains a smaller one.
    DataError for a row without a key, and for an empty set.
    """
    bounds = np.array([test, test + validation])
    numbers = np.array([2, 1, 0], np.uint8)
    u = np.concatenate(
        [hash_all_to_uniform(to_text(chunk).values) for chunk in check_split_column(keys).iterate_chunks()]
    )
    keyed = f" with {len(np.unique(u)):,} distinct values of {keys.name!r}"
    together = f"rows with the same {keys.name!r} are kept together"
    set_numbers = numbers[np.searchsorted(bounds, u, "right")]
    return build_split_indices(set_numbers, validation=validation, test=test, keyed=keyed, more=together)


def hash_to_uniform(key: str) -> float:
    """Return the first 53 bits of the 8-byte BLAKE2b digest of the key in UTF-8, as a number in [0, 1)."""
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def hash_all_to_uniform(keys: Array) -> Array:
    """Return ``hash_to_uniform`` of each key (n,)."""
    hashes = {key: hash_to_uniform(key) for key in set(keys)}
    return np.fromiter((hashes[key] for key in keys), np.float64, len(keys))
