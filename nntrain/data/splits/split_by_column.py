"""Splits by a column: by the hash of a key, by time, or by the set that each row names."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.option_suggestions import suggest_type
from nntrain.data.splits.split_indices import SplitIndices, build_split_indices
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.raw_column import RawColumn, ValueStream
from nntrain.errors import DataError

SPLIT_NAMES = ("train", "validation", "test")


def split_by_hash(keys: ValueStream, *, validation: float, test: float) -> SplitIndices:
    """Return the sets: test if u < test, validation if u < test + validation, else training.

    u in [0, 1) depends only on the text of the key, not on a seed, other rows or positions. So rows with the same key
    are in one set, a row keeps its set when others are added or removed, and a larger test set contains a smaller one.
    DataError for a row without a key, and for an empty set.
    """
    bounds = np.array([test, test + validation])
    numbers = np.array([2, 1, 0], np.uint8)
    u = hash_column_to_uniform(keys)
    keyed = f" with {len(np.unique(u)):,} distinct values of {keys.name!r}"
    together = f"rows with the same {keys.name!r} are kept together"
    set_numbers = numbers[np.searchsorted(bounds, u, "right")]
    return build_split_indices(set_numbers, validation=validation, test=test, keyed=keyed, more=together)


def hash_column_to_uniform(keys: ValueStream) -> Array:
    """Return ``hash_to_uniform`` of each key of a column (n,). DataError for a row without a key."""
    chunks = check_split_column(keys).iterate_chunks()
    return np.concatenate([hash_all_to_uniform(to_text(chunk).values) for chunk in chunks])


def hash_to_uniform(key: str) -> float:
    """Return the first 53 bits of the 8-byte BLAKE2b digest of the key in UTF-8, as a number in [0, 1)."""
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def hash_all_to_uniform(keys: Array) -> Array:
    """Return ``hash_to_uniform`` of each key (n,)."""
    hashes = {key: hash_to_uniform(key) for key in set(keys)}
    return np.fromiter((hashes[key] for key in keys), np.float64, len(keys))


def split_by_time(times: ValueStream, *, validation: float, test: float) -> SplitIndices:
    """Return the oldest rows for training, then those for validation, and the newest for the test.

    Rows with the same time are in one set: a set starts where the time changes, as close to its fraction as possible.
    DataError for a row without a time, for text, and for fewer distinct times than sets.
    """
    if times.kind not in ("time", "number"):
        advice = f"choose another column, or, if these are times, {suggest_type(times.name, 'time')}"
        raise DataError(f"split_column {times.name!r}: expected times or numbers, got {times.kind}; {advice}")
    values = np.concatenate([chunk.values for chunk in check_split_column(times).iterate_chunks()])
    order = np.argsort(values, kind="stable")
    changes = np.flatnonzero(values[order][1:] != values[order][:-1]) + 1
    fractions = [(number, fraction) for number, fraction in ((1, validation), (2, test)) if fraction]
    if len(changes) < len(fractions):
        expected = f"at least {len(fractions) + 1} distinct times, one for each set"
        raise DataError(f"split_column {times.name!r}: expected {expected}, got {len(changes) + 1}")
    set_numbers = np.zeros(len(values), np.uint8)
    first = 0
    for index, (number, _) in enumerate(fractions):
        begin = len(values) * (1 - sum(fraction for _, fraction in fractions[index:]))
        candidates = changes[first : len(changes) - (len(fractions) - index - 1)]
        nearest = int(np.abs(candidates - begin).argmin())
        set_numbers[order[candidates[nearest] :]] = number
        first += nearest + 1
    together = f"rows with the same {times.name!r} are kept together"
    return build_split_indices(set_numbers, validation=validation, test=test, more=together)


def split_by_value(column: ValueStream, values: Mapping[str, Sequence[str]] | None) -> SplitIndices:
    """Return the sets that the values name, or those to which ``values`` assigns them.

    DataError for a row without a value or with an unknown one, and if there are no training rows.
    """
    names = {name: (name,) for name in SPLIT_NAMES} if values is None else values
    numbers = {value: SPLIT_NAMES.index(name) for name, assigned in names.items() for value in assigned}
    chunks = check_split_column(column).iterate_chunks()
    set_numbers = np.concatenate([look_up_sets(to_text(chunk), numbers) for chunk in chunks])
    if set_numbers.all():
        expected = " or ".join(map(repr, names.get("train", ()))) or "a value for train in data.split_values"
        raise DataError(f"split_column {column.name!r}: expected {expected} in at least one row, got no training rows")
    return build_split_indices(set_numbers, validation=0, test=0)


def look_up_sets(chunk: RawColumn, numbers: Mapping[str, int]) -> Array:
    """Return the number of the set of each row (n,)."""
    try:
        return np.fromiter((numbers[value] for value in chunk.values), np.uint8, len(chunk.values))
    except KeyError as error:
        raise DataError(
            f"split_column {chunk.name!r}: expected one of {', '.join(map(repr, numbers))}, got {error.args[0]!r}; "
            "assign each value to a set with data.split_values"
        ) from None


def check_split_column(column: ValueStream) -> ValueStream:
    """Return the column by which rows are split. DataError for rows without a value."""
    missing = sum(int(chunk.missing.sum()) for chunk in column.iterate_chunks())
    if missing:
        raise DataError(
            f"split_column {column.name!r}: expected a value in every row, got none in {missing}; "
            "fill in the values, or remove these rows"
        )
    return column
