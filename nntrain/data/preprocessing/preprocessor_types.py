"""The preprocessors by the type in their state."""

from functools import partial

from nntrain.data.fitted import restore_fitted
from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.preprocessing.table_preprocessor import TablePreprocessor

PREPROCESSOR_TYPES: tuple[type[Preprocessor], ...] = (TablePreprocessor, ArrayPreprocessor)
restore_preprocessor = partial(restore_fitted, PREPROCESSOR_TYPES)
