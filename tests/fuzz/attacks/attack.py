"""All attacks, by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.fuzz.attacks.escape_attacks import escapes_in_networks, escapes_in_rows
from tests.fuzz.attacks.hdf5_attacks import (
    Commands,
    labels,
    link_filters,
    long_names,
    many_attributes,
    odd_members,
    shared_texts,
)
from tests.fuzz.attacks.network_attacks import inflated_outputs, tied_blocks
from tests.fuzz.attacks.path_attacks import odd_names
from tests.fuzz.attacks.special_files import endless_keys, special_files
from tests.fuzz.attacks.symlink_attacks import links_in_caches, links_in_runs
from tests.fuzz.corpus import Corpus

__all__ = ["ATTACKS"]

# Each writes files into an empty folder, and gives commands of which one is tried.
ATTACKS: dict[str, Callable[[Corpus, Path, Random], Commands]] = {
    "labels of axes": labels,
    "filters of links": link_filters,
    "long names": long_names,
    "shared texts": shared_texts,
    "attributes": many_attributes,
    "odd members": odd_members,
    "tied blocks": tied_blocks,
    "inflated outputs": inflated_outputs,
    "odd names": odd_names,
    "links in runs": links_in_runs,
    "links in caches": links_in_caches,
    "escapes in rows": escapes_in_rows,
    "escapes in networks": escapes_in_networks,
    "special files": special_files,
    "endless keys": endless_keys,
}
