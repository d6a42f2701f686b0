"""Rows from tables and HDF5 arrays: reading, splitting, encoding and batching."""

from nntrain.data.readers.file_reader import FileReader

__all__ = ["FileReader"]
