"""A split in which a row never changes sides."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.splits.split_indices import SplitIndices, build_split_indices, check_split_column
from nntrain.data.tables.value_stream import ValueStream

__all__ = ["hash_to_uniform", "split_by_hash"]


def split_by_hash(keys: ValueStream, *, validation: float, test: float) -> SplitIndices:
    """Rows whose key has u < test are for the test, those with u < test + validation for validation, others train.

    u in [0, 1) follows from the text of the key alone: from no seed, no other row, and no row's place. So rows of one
    key are together, a row stays where it is when others come or go, and of a greater test part the smaller is a part.
    DataError for a row without a key, and for a part that is left empty.
    """
    bounds = np.array([test, test + validation])
    parts = np.array([2, 1, 0], np.uint8)
    u = np.concatenate(
        [hash_all_to_uniform(chunk.to_text().values) for chunk in check_split_column(keys).iterate_chunks()]
    )
    keyed = f" with {len(np.unique(u)):,} different values of {keys.name!r}, by which they are kept together"
    return build_split_indices(
        parts[np.searchsorted(bounds, u, "right")],
        validation=validation,
        test=test,
        keyed=keyed,
        more=f"rows with the same {keys.name!r} are kept together",
    )


def hash_to_uniform(key: str) -> float:
    """The first 53 bits of BLAKE2b of the key in UTF-8, digest of 8 bytes, as a fraction of 1."""
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def hash_all_to_uniform(keys: Array) -> Array:
    """``hash_to_uniform`` of each key (n,)."""
    found = {key: hash_to_uniform(key) for key in set(keys)}
    return np.fromiter((found[key] for key in keys), np.float64, len(keys))
