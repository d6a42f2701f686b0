"""The numbers that objects begin with."""

from __future__ import annotations

__all__ = [
    "BOOLEAN",
    "COUNTER_CLASSES",
    "FIELDLESS_CLASSES",
    "FUNCTIONS",
    "HASH_CLASSES",
    "HEADED_CLASSES",
    "NIL",
    "NUMBER",
    "PLAIN_FUNCTION",
    "STRING",
    "TABLE",
    "TORCH",
    "VECTOR_CLASSES",
]

NIL = 0
NUMBER = 1
STRING = 2
TABLE = 3
TORCH = 4
BOOLEAN = 5
# Without an index: the same function at two places is two.
PLAIN_FUNCTION = 6
FUNCTIONS = (PLAIN_FUNCTION, 7, 8)


# Those that write nothing, and those that write a table of something else before their fields.
FIELDLESS_CLASSES = ("torch.Timer",)
HEADED_CLASSES = ("nn.GPU",)

# Containers of the package tds, by their names of now and of earlier releases. They write a long, which is their count,
# and then keys and values in turn, or values, or nothing.
HASH_CLASSES = ("tds.Hash", "tds_hash")
VECTOR_CLASSES = ("tds.Vec", "tds_vec")
COUNTER_CLASSES = ("tds.AtomicCounter", "tds_atomic_counter")
