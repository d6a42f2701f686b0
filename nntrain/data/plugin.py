"""The built-in file readers, registered like those of a plugin."""

from nntrain.data.readers.arff import ARFF
from nntrain.data.readers.excel import Excel
from nntrain.data.readers.file_reader import FileReader
from nntrain.hooks import hookimpl


@hookimpl
def nntrain_readers() -> tuple[type[FileReader], ...]:
    return (ARFF, Excel)
