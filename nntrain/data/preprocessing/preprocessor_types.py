"""The preprocessors by the type in their state."""

from collections.abc import Mapping
from typing import Any

from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.preprocessing.table_preprocessor import TablePreprocessor
from nntrain.specs.state_schema import validate_state

PREPROCESSOR_TYPES: dict[str, type[TablePreprocessor | ArrayPreprocessor]] = {
    "Schema": TablePreprocessor,
    "ArraySchema": ArrayPreprocessor,
}


def restore_preprocessor(state: Mapping[str, Any]) -> Preprocessor:
    """Build the preprocessor of a state. CheckpointError for an invalid state."""
    return PREPROCESSOR_TYPES[validate_state(state, {"type": PREPROCESSOR_TYPES})["type"]].restore(state)
