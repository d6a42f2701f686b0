"""The type codes of objects, and classes with a format of their own."""

NIL = 0
NUMBER = 1
STRING = 2
TABLE = 3
TORCH = 4
BOOLEAN = 5
# Without an index: the same function at two positions becomes two.
PLAIN_FUNCTION = 6
FUNCTIONS = (PLAIN_FUNCTION, 7, 8)


# Classes that write nothing, and classes that write another table before their fields.
FIELDLESS_CLASSES = ("torch.Timer",)
HEADED_CLASSES = ("nn.GPU",)

# Containers of the package tds, by their current and former names. They write their size as a long, then alternating
# keys and values, or values, or nothing.
HASH_CLASSES = ("tds.Hash", "tds_hash")
VECTOR_CLASSES = ("tds.Vec", "tds_vec")
COUNTER_CLASSES = ("tds.AtomicCounter", "tds_atomic_counter")
