"""Networks as files of other programs that are not what they were."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.fuzz.byte_mutations import mutated_bytes
from tests.fuzz.json_mutations import mutated_json
from tests.torch7.mutate import mutations

__all__ = ["mutated_safetensors", "mutated_torch7"]


def mutated_torch7(content: bytes, mutation: str, random: Random) -> bytes:
    """Changes of bytes, or such as know what stands in a .t7 file."""
    if mutation == "bytes":
        return mutated_bytes(content, random)
    return next(mutations(content, random.randrange(2**32), 1))


def mutated_safetensors(content: bytes, mutation: str, random: Random) -> bytes:
    """Changes of bytes, of what the head says of the arrays, or of the network in it."""
    if mutation == "bytes":
        return mutated_bytes(content, random)
    end = 8 + int.from_bytes(content[:8], "little")
    head: Any = json.loads(content[8:end])
    spec = json.loads(head["__metadata__"]["spec"])
    if mutation == "values":
        head["__metadata__"]["spec"] = json.dumps(mutated_json(spec, random))
    else:
        head = mutated_json(head, random)
    text = json.dumps(head).encode()
    return len(text).to_bytes(8, "little") + text + content[end:]
