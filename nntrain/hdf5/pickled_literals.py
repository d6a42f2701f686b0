"""Read values that PyTables pickles in attributes, such as column names, without unpickling.

A pickle is a program, and unpickling one from an untrusted source would run its code. Here only the operations that
build lists, tuples, dicts, strings and numbers are applied.
"""

import pickletools
from collections.abc import Callable
from typing import Any

# Replaces each object that the pickle would have built.
OPAQUE = object()

STACK_MARK = object()

# Operations whose argument is the value.
VALUE_OPERATIONS = frozenset(
    (
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
        *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8"),
    )
)

CONSTANT_OPERATIONS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
    "EMPTY_DICT": dict,
    "GLOBAL": lambda: OPAQUE,
    "MARK": lambda: STACK_MARK,
}

KEY_TYPES = (str, bytes, int, float, type(None))

# Operations that build an object from values on the stack, with their number.
OBJECT_OPERATIONS = {"STACK_GLOBAL": 2, "REDUCE": 2, "NEWOBJ": 2, "BUILD": 2}

TUPLE_OPERATIONS = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


def read_pickled_literal(data: bytes) -> Any:
    """Return the pickled value, with ``OPAQUE`` for each object of a class. ValueError if it is not a pickle."""
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    try:
        for operation, argument, _ in pickletools.genops(data):
            if operation.name == "STOP":
                return stack.pop()
            apply_operation(operation.name, argument, stack, memo)
    except (LookupError, TypeError, AttributeError, StopIteration, UnicodeError) as error:
        raise ValueError(f"not a pickle: {error}") from None
    raise ValueError("not a pickle: it does not end")


def apply_operation(name: str, argument: Any, stack: list[Any], memo: dict[int, Any]) -> None:
    """Apply one operation to the stack. ValueError for an unsupported one."""
    if name in VALUE_OPERATIONS:
        stack.append(argument)
    elif name in CONSTANT_OPERATIONS:
        stack.append(CONSTANT_OPERATIONS[name]())
    elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
        memo[argument] = stack[-1]
    elif name == "MEMOIZE":
        memo[len(memo)] = stack[-1]
    elif name in ("GET", "BINGET", "LONG_BINGET"):
        stack.append(memo[argument])
    elif name in OBJECT_OPERATIONS:
        del stack[-OBJECT_OPERATIONS[name] :]
        stack.append(OPAQUE)
    elif name in TUPLE_OPERATIONS:
        stack[-TUPLE_OPERATIONS[name] :] = [tuple(stack[-TUPLE_OPERATIONS[name] :])]
    elif name in COLLECTION_OPERATIONS:
        stack.append(COLLECTION_OPERATIONS[name](pop_to_mark(stack)))
    elif name in ("APPEND", "APPENDS"):
        values = [stack.pop()] if name == "APPEND" else pop_to_mark(stack)
        stack[-1].extend(values)
    elif name in ("SETITEM", "SETITEMS"):
        values = [stack.pop(-2), stack.pop()] if name == "SETITEM" else pop_to_mark(stack)
        stack[-1].update(build_pairs(values))
    elif name not in ("PROTO", "FRAME"):
        raise ValueError(f"a pickle with {name}")


def pop_to_mark(stack: list[Any]) -> list[Any]:
    """Remove the last mark and the values after it, and return these."""
    # From the end: in total the search is not longer than the pickle.
    position = next(index for index in range(len(stack) - 1, -1, -1) if stack[index] is STACK_MARK)
    values = stack[position + 1 :]
    del stack[position:]
    return values


def build_pairs(values: list[Any]) -> list[tuple[Any, Any]]:
    """Return keys with their values. TypeError for nested keys, whose hash may take forever."""
    if not all(key is OPAQUE or isinstance(key, KEY_TYPES) for key in values[::2]):
        raise TypeError("a key that is not a string or a number")
    return list(zip(values[::2], values[1::2], strict=True))


COLLECTION_OPERATIONS: dict[str, Callable[[list[Any]], Any]] = {
    "LIST": list,
    "TUPLE": tuple,
    "DICT": lambda values: dict(build_pairs(values)),
}
